import type { Tensor, Tensors } from '../core/tensor.ts';

/**
 * Largest difference of two sets of outputs, relative to max(1, |value|): 0 where they are equal to the bit, infinite where
 * names, shapes, texts or what is a number differ.
 */
export function outputDifference(some: Tensors, others: Tensors): number {
  const names = new Set([...Object.keys(some), ...Object.keys(others)]);
  return [...names].reduce(
    (largest, name) => Math.max(largest, tensorDifference(some[name], others[name])),
    0,
  );
}

function tensorDifference(one: Tensor | undefined, other: Tensor | undefined): number {
  if (one === undefined || other?.type !== one.type || one.data.length !== other.data.length) return Infinity;
  let largest = 0;
  for (let index = 0; index < one.data.length; index++)
    largest = Math.max(largest, valueDifference(one.data[index], other.data[index]));
  return largest;
}

type Value = Tensor['data'][number] | undefined;

function valueDifference(one: Value, other: Value): number {
  if (Object.is(one, other)) return 0;
  if (typeof one === 'string' || typeof other === 'string') return Infinity;
  const [a, b] = [Number(one), Number(other)];
  const difference = Math.abs(a - b) / Math.max(1, Math.abs(a));
  return Number.isNaN(difference) ? Infinity : difference;
}

/** A difference as it reads behind "differ by"; null is one of form. */
export function differenceInWords(difference: number | null): string {
  if (difference === null || !Number.isFinite(difference))
    return 'their form, or in whether they are numbers';
  return `up to ${difference.toPrecision(2)} relative to max(1, |output|)`;
}
