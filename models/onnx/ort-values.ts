import type { Tensor, Tensors, TensorSpec } from '../../core/tensor.ts';

/** A tensor as ONNX Runtime's binding takes and gives it. */
export interface OrtValue {
  type: string;
  dims: readonly number[];
  data: ArrayBufferView | readonly string[];
  location: 'cpu';
}

export type OrtValues = Readonly<Record<string, OrtValue>>;

/**
 * Tensors as the binding takes them: plain objects, since it reads every field anew in each call, and those of its own class are
 * getters. Throws where an input is missing.
 */
export function toOrtValues(specs: readonly Pick<TensorSpec, 'name'>[], feeds: Tensors): OrtValues {
  const entries = specs.map(({ name }) => {
    const tensor = feeds[name];
    if (tensor === undefined) throw new Error(`input "${name}" is missing`);
    return [name, toOrtValue(tensor)] as const;
  });
  return Object.fromEntries(entries);
}

function toOrtValue({ type, shape: dims, data }: Tensor): OrtValue {
  // The binding takes float16 as bits, though it gives numbers back.
  const bits = type === 'float16' ? new Uint16Array(data.buffer, data.byteOffset, data.length) : data;
  return { type, dims, data: bits, location: 'cpu' };
}

/** What the binding gave, none of it of a type that `core/tensor.ts` does not have. */
export function fromOrtValues(values: OrtValues): Record<string, Tensor> {
  const entries = Object.entries(values).map(([name, { type, dims, data }]) => {
    return [name, { type, shape: dims, data } as unknown as Tensor] as const;
  });
  return Object.fromEntries(entries);
}
