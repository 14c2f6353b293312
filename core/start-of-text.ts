import { elementCount, type Tensor, type TensorSpec } from './tensor.ts';

/** As Optimum and Transformers.js call what the layers of a decoder kept of earlier tokens. */
const cache = /^past_key_values\b/;
/** Whether a decoder that was exported with and without a cache in one file is to read it. */
const cacheSwitch = 'use_cache_branch';

/** Whether an input is what a decoder kept of earlier tokens, by its name. */
export function isKept(name: string): boolean {
  return name === cacheSwitch || cache.test(name);
}

/**
 * What an input of an exported decoder holds at the start of a text, where no token came before: an empty cache for each row, which is not
 * read. Null for any other input.
 */
export function startOfText({ name, type, shape }: TensorSpec, rows: number): Tensor | null {
  if (name === cacheSwitch && type === 'bool')
    return { type, shape: shape.map(() => 1), data: new Uint8Array(1) };
  if (!cache.test(name)) return null;
  const [, ...inner] = shape;
  if (inner.filter((size) => size === null).length !== 1) return null;
  const empty = [rows, ...inner.map((size) => size ?? 0)];
  if (type === 'float32') return { type, shape: empty, data: new Float32Array(elementCount(empty)) };
  return type === 'float16' ? { type, shape: empty, data: new Float16Array(elementCount(empty)) } : null;
}
