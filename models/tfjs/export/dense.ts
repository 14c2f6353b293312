import { z } from 'zod';
import { activate, activationName } from './activation.ts';
import { onlyInput, settingsOf, unsupported, type LayerExport } from './layer-export.ts';
import { plainValue } from './value.ts';

/** Over rows as Gemm, over longer shapes as MatMul and Add. */
export const exportDense: LayerExport = (call) => {
  const { layer, emit, outputShape } = call;
  const { activation } = settingsOf(layer, z.object({ activation: activationName }));
  const input = onlyInput(call);
  const [kernel, bias] = [emit.weight('kernel'), emit.weight('bias')];
  if (kernel === null) throw unsupported(layer, 'has no weight "kernel"');
  const weights = [kernel, bias].flatMap((weight, index) =>
    weight === null ? [] : [emit.store(index === 0 ? 'kernel' : 'bias', weight)],
  );
  const [stored = '', ...addend] = weights;
  const name = emit.plain(input);
  const isRow = input.shape.length === 2 && addend.length > 0;
  const product = isRow ? emit.node('Gemm', [name, ...weights]) : emit.node('MatMul', [name, stored]);
  const sum = isRow || addend.length === 0 ? product : emit.node('Add', [product, ...addend]);
  return activate(plainValue(sum, outputShape), activation, call);
};
