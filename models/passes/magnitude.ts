import { z } from 'zod';
import { roundHalfEven } from './affine.ts';

/** How many weights go, and by which threshold. */
export const sparsityParameters = z.strictObject({
  /** Share of the weights that become zero. */
  sparsity: z.number().min(0).max(1),
  /** Whether the tensors share one threshold or each has its own. */
  scope: z.enum(['global', 'per-tensor']),
});
export type SparsityParameters = z.output<typeof sparsityParameters>;

/** Copies of finite tensors whose smallest weights are zero. */
export function zeroSmallest(
  tensors: readonly Float32Array[],
  { sparsity, scope }: SparsityParameters,
): Float32Array[] {
  const groups = scope === 'global' ? [tensors] : tensors.map((tensor) => [tensor]);
  return groups.flatMap((group) => keepLargest(group, roundHalfEven(sizeOf(group) * (1 - sparsity))));
}

/** What became of them, in words; `kinds` says what the tensors are. */
export function describeZeros(
  tensors: readonly Float32Array[],
  { scope, kinds }: Pick<SparsityParameters, 'scope'> & { kinds: string },
): string {
  const zeros = tensors.reduce((count, tensor) => count + tensor.filter((weight) => weight === 0).length, 0);
  const threshold = scope === 'global' ? 'one threshold for all' : 'a threshold for each';
  return `${shown(zeros)} of ${shown(sizeOf(tensors))} weights are zero in ${shown(tensors.length)} ${kinds}, ${threshold}`;
}

function sizeOf(tensors: readonly Float32Array[]): number {
  return tensors.reduce((size, tensor) => size + tensor.length, 0);
}

function shown(count: number): string {
  return count.toLocaleString('en-US');
}

const magnitudeMask = 0x7fffffff;

/** Where the kept magnitudes end: those above the threshold stay, and the first `ties` of those equal to it. */
interface Cut {
  /** As the bits of a positive float32. */
  threshold: number;
  ties: number;
}

/**
 * Copies of finite tensors with all but the `keep` largest magnitudes set to zero; of equal ones the first stay, counted
 * through the tensors in order. O(n): bits of positive floats sort as the floats do, so counting by 16 bits twice finds the cut.
 */
export function keepLargest(tensors: readonly Float32Array[], keep: number): Float32Array[] {
  const cut = findCut(tensors.map(bitsOf), keep);
  return tensors.map((tensor) => {
    const kept = tensor.slice();
    clearBelow(bitsOf(kept), cut);
    return kept;
  });
}

function bitsOf(tensor: Float32Array): Uint32Array {
  return new Uint32Array(tensor.buffer, tensor.byteOffset, tensor.length);
}

function findCut(tensors: readonly Uint32Array[], keep: number): Cut {
  const upper = new Float64Array(2 ** 15);
  for (const bits of tensors) countUpper(bits, upper);
  const high = takeFromTop(upper, keep);
  const lower = new Float64Array(2 ** 16);
  for (const bits of tensors) countLower(bits, { counts: lower, upper: high.bin });
  const low = takeFromTop(lower, high.missing);
  return { threshold: high.bin * 2 ** 16 + low.bin, ties: low.missing };
}

function countUpper(bits: Uint32Array, counts: Float64Array): void {
  for (const pattern of bits) {
    const bin = (pattern & magnitudeMask) >>> 16;
    counts[bin] = counts[bin]! + 1;
  }
}

function countLower(bits: Uint32Array, within: { counts: Float64Array; upper: number }): void {
  const { counts, upper } = within;
  for (const pattern of bits) {
    const magnitude = pattern & magnitudeMask;
    if (magnitude >>> 16 !== upper) continue;
    const bin = magnitude & 0xffff;
    counts[bin] = counts[bin]! + 1;
  }
}

/** The highest bin down to which `wanted` items lie, and how many of its own are wanted. */
function takeFromTop(counts: Float64Array, wanted: number): { bin: number; missing: number } {
  let missing = wanted;
  let bin = counts.length - 1;
  while (bin > 0 && counts[bin]! < missing) missing -= counts[bin--]!;
  return { bin, missing };
}

/** Clears what the cut does not keep, and counts the ties it has used up. */
function clearBelow(bits: Uint32Array, cut: Cut): void {
  for (let index = 0; index < bits.length; index++) {
    const magnitude = bits[index]! & magnitudeMask;
    const isKept = magnitude > cut.threshold || (magnitude === cut.threshold && cut.ties-- > 0);
    if (!isKept) bits[index] = 0;
  }
}
