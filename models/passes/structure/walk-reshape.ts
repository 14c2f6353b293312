import type { OnnxNode } from '../../onnx/model.ts';
import { elementCount } from '../../../core/tensor.ts';
import { resized } from './stated-sizes.ts';
import { intsOf, labelsOf, markAll, pinAll, sizesOf, soleReader, type AxisUnits, type Walk } from './walk.ts';

/** Reshape and Flatten, and Squeeze and Unsqueeze of unnamed axes, by the sizes before and after. */
export function walkReshape(walk: Walk, node: OnnxNode): AxisUnits | null {
  const made = reshaped(walk, node);
  if (node.opType !== 'Reshape') return made;
  if (made !== null) return resized(walk, node, made);
  pinAll(walk, labelsOf(walk, walk.shapesOf.get(node.input[1] ?? '') ?? ''));
  return null;
}

function reshaped(walk: Walk, node: OnnxNode): (Int32Array | null)[] | null {
  const labels = labelsOf(walk, node.input[0] ?? '');
  const [before, after] = [sizesOf(walk, node.input[0] ?? ''), sizesOf(walk, node.output[0] ?? '')];
  if (before === undefined || after === undefined) return null;
  const made = after.map((): Int32Array | null => null);
  const runs = matchRuns(before, after);
  const passed = new Set<number>();
  for (const run of runs) {
    for (const axis of run.before) passed.add(axis);
    reshapeRun(walk, run, { node, labels, before, after, made });
  }
  pinAll(
    walk,
    labels.filter((_, axis) => !passed.has(axis)),
  );
  return made;
}

/** Axes before and after that hold the same places in the same order. */
interface Run {
  before: number[];
  after: number[];
}

/** From the end as far as sizes are known, then from the start. */
function matchRuns(before: readonly (number | null)[], after: readonly (number | null)[]): Run[] {
  const fromEnd = matchFrom(before.toReversed(), after.toReversed());
  const mirror = (run: Run): Run => ({
    before: run.before.map((axis) => before.length - 1 - axis).toReversed(),
    after: run.after.map((axis) => after.length - 1 - axis).toReversed(),
  });
  const ends = fromEnd.map(mirror);
  const taken = new Set(ends.flatMap((run) => run.before));
  const starts = matchFrom(before, after).filter((run) => !run.before.some((axis) => taken.has(axis)));
  return [...ends, ...starts];
}

function matchFrom(before: readonly (number | null)[], after: readonly (number | null)[]): Run[] {
  const runs: Run[] = [];
  let [left, right] = [0, 0];
  while (left < before.length && right < after.length) {
    const run: Run = { before: [left], after: [right] };
    let [products, wanted] = [before[left++] ?? null, after[right++] ?? null];
    while (products !== null && wanted !== null && products !== wanted) {
      const isShort = products < wanted;
      const next = isShort ? before[left] : after[right];
      if (next === undefined || next === null) return runs;
      if (isShort) [products] = [products * next, run.before.push(left++)];
      else [wanted] = [wanted * next, run.after.push(right++)];
    }
    if (products === null || wanted === null) return runs;
    runs.push(run);
  }
  return runs;
}

interface Reshaping {
  node: OnnxNode;
  labels: AxisUnits;
  before: readonly (number | null)[];
  after: readonly (number | null)[];
  made: (Int32Array | null)[];
}

function reshapeRun(walk: Walk, run: Run, { node, labels, before, after, made }: Reshaping): void {
  const labelled = run.before.filter((axis) => labels[axis] !== null);
  const [axis] = labelled;
  if (axis === undefined) return;
  const units = labels[axis]!;
  if (labelled.length === 1 && run.after.length === 1) {
    const inner = elementCount(run.before.filter((other) => other > axis).map((other) => before[other]!));
    made[run.after[0]!] = Int32Array.from(
      { length: after[run.after[0]!]! },
      (_, place) => units[Math.floor(place / inner) % units.length]!,
    );
    return;
  }
  if (run.before.length === 1) {
    splitAxis(walk, units, { run, node, after, made });
    return;
  }
  pinAll(
    walk,
    labelled.map((one) => labels[one] ?? null),
  );
}

/**
 * One axis becomes several: of [heads, size] the heads are units, of [3, heads, size] and [heads, 3, size] (query, key and value stored
 * together) too, of the rows that a shuffle turns to columns the columns. All places of a unit go together.
 */
function splitAxis(
  walk: Walk,
  units: Int32Array,
  { run, node, after, made }: Pick<Reshaping, 'after' | 'made' | 'node'> & { run: Run },
): void {
  const real = run.after.filter((axis) => after[axis] !== 1);
  const isShuffle = isShuffled(walk, node, run.after);
  const isHeadFirst = !isShuffle && (real.length < 3 || (after[real[1]!] === 3 && after[real[0]!]! > 3));
  const kept = real[isHeadFirst ? 0 : 1] ?? run.after[0]!;
  const inner = elementCount(run.after.filter((axis) => axis > kept).map((axis) => after[axis]!));
  const count = after[kept]!;
  const first = Int32Array.from({ length: count }, (_, unit) => units[unit * inner]!);
  for (let place = 0; place < units.length; place++) {
    walk.units.join(first[Math.floor(place / inner) % count]!, units[place]!);
  }
  if (real.length > 1 && !isShuffle) markAll(walk, first, 'split');
  made[kept] = first;
}

/** Whether two axes made of one only change places and become one again. */
function isShuffled(
  walk: Walk,
  { output: [value = ''] }: OnnxNode,
  [rows = 0, columns = 0, ...more]: readonly number[],
): boolean {
  const turn = soleReader(walk, value);
  if (turn?.opType !== 'Transpose' || more.length > 0) return false;
  const order = intsOf(walk, turn, { attribute: 'perm', input: 1 }) ?? [];
  const turned = order.map((_, axis) => (axis === rows ? columns : axis === columns ? rows : axis));
  const isTurn = order.length > 0 && order.every((axis, at) => axis === turned[at]);
  const merged = soleReader(walk, turn.output[0] ?? '');
  return (
    isTurn &&
    merged?.opType === 'Reshape' &&
    sizesOf(walk, merged.output[0] ?? '')?.length === order.length - 1
  );
}
