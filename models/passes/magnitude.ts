import * as z from 'zod';
import { roundHalfEven } from './affine.ts';

/** How many weights go, and by which threshold. */
export const sparsityParameters = z.strictObject({
  /** Share of the weights that become zero. */
  sparsity: z.number().min(0).max(1),
  /** Whether the tensors share one threshold or each has its own. */
  scope: z.enum(['global', 'per-tensor']),
});
type SparsityParameters = z.output<typeof sparsityParameters>;

/** Copies of finite tensors whose smallest weights are zero. */
export function zeroSmallest(
  tensors: readonly Float32Array[],
  settings: SparsityParameters,
): { pruned: Float32Array[]; cuts: TensorCut[] } {
  const sources = tensors.map((tensor) => ({ length: tensor.length, read: () => tensor }));
  const cuts = cutSmallest(sources, settings) ?? [];
  const pruned = cuts.map((cut, index) => {
    const kept = tensors[index]!.slice();
    clearBelow(kept, cut);
    return kept;
  });
  return { pruned, cuts };
}

/** What to zero of each tensor. Null where a value is not finite. */
export function cutSmallest(
  tensors: readonly TensorSource[],
  { sparsity, scope }: SparsityParameters,
): TensorCut[] | null {
  const groups = scope === 'global' ? [tensors] : tensors.map((tensor) => [tensor]);
  const cuts = groups.map((group) => cutsFor(group, roundHalfEven(sizeOf(group) * (1 - sparsity))));
  return cuts.includes(null) ? null : cuts.flatMap((cut) => cut ?? []);
}

/** What became of tensors, in words; `kinds` says what they are. */
export function describeZeros(
  cuts: readonly TensorCut[],
  { scope, kinds }: Pick<SparsityParameters, 'scope'> & { kinds: string },
): string {
  const zeros = cuts.reduce((sum, cut) => sum + cut.zeros, 0);
  const threshold = scope === 'global' ? 'one threshold for all' : 'a threshold for each';
  return `${shown(zeros)} of ${shown(sizeOf(cuts))} weights are zero in ${shown(cuts.length)} ${kinds}, ${threshold}`;
}

/** Why pruning changes nothing; null where it changes something. */
export function nothingCut(cuts: readonly Pick<TensorCut, 'zeros' | 'zerosBefore'>[]): string | null {
  if (cuts.some(({ zeros, zerosBefore }) => zeros > zerosBefore)) return null;
  const before = cuts.reduce((sum, { zerosBefore }) => sum + zerosBefore, 0);
  return before === 0 ? 'no weight is to become zero' : 'the weights that are to become zero are so already';
}

function sizeOf(tensors: readonly { length: number }[]): number {
  return tensors.reduce((size, { length }) => size + length, 0);
}

function shown(count: number): string {
  return count.toLocaleString('en-US');
}

const magnitudeMask = 0x7fffffff;
/** The upper 16 bits from which on a magnitude is infinite or NaN. */
const firstNotFinite = 0x7f80;

/** A tensor that need not be in memory with others: what is read is good until the next is. */
export interface TensorSource {
  length: number;
  read: () => Float32Array;
}

/** Where the kept magnitudes end: those above the threshold stay, and the first `ties` of those equal to it. */
interface Cut {
  /** As the bits of a positive float32. */
  threshold: number;
  ties: number;
}

/** What a cut does to one tensor. */
export interface TensorCut extends Cut {
  length: number;
  /** How many of its values are zero then, and how many were. */
  zeros: number;
  zerosBefore: number;
}

/**
 * What to zero of each tensor so that the `keep` largest magnitudes of all stay; of equal ones the first do, counted through the
 * tensors in order. Reads each tensor three times: bits of positive floats sort as the floats do, so counting by 16 bits twice
 * finds the threshold, and counting what equals it, who keeps that. Null where a value is not finite.
 */
export function cutsFor(tensors: readonly TensorSource[], keep: number): TensorCut[] | null {
  const cut = findCut(tensors, keep);
  if (cut === null) return null;
  let left = cut.ties;
  return tensors.map(({ length, read }) => {
    const { above, equal, zero } = countAgainst(bitsOf(read()), cut.threshold);
    const ties = Math.min(left, equal);
    left -= ties;
    // A value that is kept and is zero is zero as well.
    const zeros = length - above - (cut.threshold === 0 ? 0 : ties);
    return { length, threshold: cut.threshold, ties, zeros, zerosBefore: zero };
  });
}

/** Sets what the cut does not keep to zero. */
export function clearBelow(tensor: Float32Array, { threshold, ties }: Cut): void {
  const bits = bitsOf(tensor);
  let left = ties;
  for (let index = 0; index < bits.length; index++) {
    const magnitude = bits[index]! & magnitudeMask;
    const isKept = magnitude > threshold || (magnitude === threshold && left-- > 0);
    if (!isKept) bits[index] = 0;
  }
}

function bitsOf(tensor: Float32Array): Int32Array {
  return new Int32Array(tensor.buffer, tensor.byteOffset, tensor.length);
}

function findCut(tensors: readonly TensorSource[], keep: number): Cut | null {
  const upper = new Float64Array(2 ** 15);
  for (const { read } of tensors) countUpper(bitsOf(read()), upper);
  if (upper.subarray(firstNotFinite).some((count) => count > 0)) return null;
  const high = takeFromTop(upper, keep);
  const lower = new Float64Array(2 ** 16);
  for (const { read } of tensors) countLower(bitsOf(read()), { counts: lower, upper: high.bin });
  const low = takeFromTop(lower, high.missing);
  return { threshold: high.bin * 2 ** 16 + low.bin, ties: low.missing };
}

function countUpper(bits: Int32Array, counts: Float64Array): void {
  for (let index = 0; index < bits.length; index++) {
    const bin = (bits[index]! & magnitudeMask) >>> 16;
    counts[bin] = counts[bin]! + 1;
  }
}

function countLower(bits: Int32Array, within: { counts: Float64Array; upper: number }): void {
  const { counts, upper } = within;
  for (let index = 0; index < bits.length; index++) {
    const magnitude = bits[index]! & magnitudeMask;
    if (magnitude >>> 16 !== upper) continue;
    const bin = magnitude & 0xffff;
    counts[bin] = counts[bin]! + 1;
  }
}

interface Counted {
  above: number;
  equal: number;
  zero: number;
}

function countAgainst(bits: Int32Array, threshold: number): Counted {
  let [above, equal, zero] = [0, 0, 0];
  for (let index = 0; index < bits.length; index++) {
    const magnitude = bits[index]! & magnitudeMask;
    if (magnitude > threshold) above += 1;
    else if (magnitude === threshold) equal += 1;
    if (magnitude === 0) zero += 1;
  }
  return { above, equal, zero };
}

/** The highest bin down to which `wanted` items lie, and how many of its own are wanted. */
function takeFromTop(counts: Float64Array, wanted: number): { bin: number; missing: number } {
  let missing = wanted;
  let bin = counts.length - 1;
  while (bin > 0 && counts[bin]! < missing) missing -= counts[bin--]!;
  return { bin, missing };
}
