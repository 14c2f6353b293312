import type * as z from 'zod';
import { AssayError } from '../../../core/errors.ts';
import { parseWith } from '../../../core/parse.ts';
import type { Emitter } from './emitter.ts';
import type { FloatTensor, Layer, Shape, Value } from './value.ts';

/** One call of a layer in the network. */
export interface LayerCall {
  layer: Layer;
  inputs: readonly Value[];
  outputShape: Shape;
  emit: Emitter;
}

/** Writes the nodes of a layer; gives what it puts out. Throws `model-invalid` where ONNX, or Assay, has no such layer. */
export type LayerExport = (call: LayerCall) => Value;

/** The settings of a layer that its export reads; all others are let through. */
export function settingsOf<Schema extends z.ZodType>(layer: Layer, schema: Schema): z.output<Schema> {
  const where = `layer "${layer.name}" (${layer.getClassName()})`;
  return parseWith(schema, layer.getConfig(), { what: 'settings', where, code: 'model-invalid' });
}

/** The only input of a layer that has one. */
export function onlyInput({ layer, inputs }: Pick<LayerCall, 'layer' | 'inputs'>): Value {
  const [input] = inputs;
  if (input === undefined || inputs.length > 1)
    throw unsupported(layer, `has ${inputs.length} inputs; one is exported`);
  return input;
}

/** A weight that a layer must have. */
export function weightOf({ layer, emit }: LayerCall, name: string): FloatTensor {
  const found = emit.weight(name);
  if (found === null) throw unsupported(layer, `has no weight "${name}"`);
  return found;
}

/** The name of the stored bias, or nothing. */
export function biasOf({ emit }: LayerCall): string[] {
  const bias = emit.weight('bias');
  return bias === null ? [] : [emit.store('bias', bias)];
}

/** Says which layer cannot become ONNX and why. */
export function unsupported(layer: Layer, why: string): AssayError {
  return new AssayError(
    'model-invalid',
    `Layer "${layer.name}" (${layer.getClassName()}) cannot become ONNX: it ${why}.`,
  );
}
