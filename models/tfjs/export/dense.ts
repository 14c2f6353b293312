import * as z from 'zod';
import { activate, activationName } from './activation.ts';
import { biasOf, onlyInput, settingsOf, weightOf, type LayerExport } from './layer-export.ts';
import { plainValue } from './value.ts';

/** Over rows as Gemm, over longer shapes as MatMul and Add. */
export const exportDense: LayerExport = (call) => {
  const { layer, emit, outputShape } = call;
  const { activation } = settingsOf(layer, z.object({ activation: activationName }));
  const input = onlyInput(call);
  const kernel = emit.store('kernel', weightOf(call, 'kernel'));
  const bias = biasOf(call);
  const name = emit.plain(input);
  const isRow = input.shape.length === 2 && bias.length > 0;
  const product = isRow ? emit.node('Gemm', [name, kernel, ...bias]) : emit.node('MatMul', [name, kernel]);
  const sum = isRow || bias.length === 0 ? product : emit.node('Add', [product, ...bias]);
  return activate(plainValue(sum, outputShape), activation, call);
};
