import { choleskyFactor, solveFactored, type SquareMatrix } from '../cholesky.ts';
import type { JointProducts } from './joint-products.ts';
import type { LinearReader } from './reader-system.ts';
import { startGuard, type Remainder } from './remainder.ts';
import { costOf, removeUnit, startFit } from './shrinking-fit.ts';

/** A least-squares problem: `matrix` * weights = `right`, row-major [rows][outputs]; a row for each feature that is there. */
export interface System {
  matrix: SquareMatrix;
  right: Float64Array;
  outputs: number;
  /** Root unit of each row; -1 for the constant one. */
  units: Int32Array;
  /** The feature of the reader each row is for, of so many. */
  features: Int32Array;
  allFeatures: number;
  /** 1 for each row whose feature is zero on all of the data. */
  idle: Int32Array;
  /** What its squared error is counted in, beside that of others; else the squares of what it puts out. */
  worth?: number | undefined;
}

/** Share of the mean square of a feature by which the fit is held to the weights there were: few data say little. */
const hold = 0.01;

interface Given {
  reader: LinearReader;
  /** Those it has, [features][outputs]. */
  weights: Float64Array;
  /** Roots of units that are not there any more. */
  gone: ReadonlySet<number>;
}

/** The normal equations of a reader, held to the weights it has. */
export function systemOf({ reader, weights, gone }: Given, { gram, cross }: JointProducts): System {
  const { live } = reader;
  const isThere = (feature: number): boolean => !gone.has(reader.units[feature] ?? -1);
  const features = Int32Array.from(
    Array.from({ length: gram.size }, (_, feature) => feature).filter(isThere),
  );
  const size = features.length;
  const data = new Float64Array(size * size);
  const right = new Float64Array(size * live.length);
  for (let row = 0; row < size; row++) {
    const feature = features[row]!;
    for (let column = 0; column < size; column++)
      data[row * size + column] = gram.data[feature * gram.size + features[column]!]!;
    for (let column = 0; column < live.length; column++)
      right[row * live.length + column] = cross[feature * reader.outputs + live[column]!]!;
  }
  const units = features.map((feature) => reader.units[feature] ?? -1);
  const system = { matrix: { size, data }, right, outputs: live.length, units, features };
  holdTo(system, { reader, weights });
  const idle = features.map((feature) => (gram.data[feature * gram.size + feature] === 0 ? 1 : 0));
  return { ...system, idle, allFeatures: gram.size };
}

function holdTo(
  { matrix: { size, data }, right, features }: Omit<System, 'allFeatures' | 'idle'>,
  { reader, weights }: Omit<Given, 'gone'>,
): void {
  const { live, outputs } = reader;
  const isWeighed = (row: number): boolean => features[row]! < reader.features;
  let [trace, weighed] = [0, 0];
  for (let row = 0; row < size; row++) {
    if (!isWeighed(row)) continue;
    trace += data[row * size + row]!;
    weighed += 1;
  }
  const mean = hold * (trace > 0 ? trace / weighed : 1);
  for (let row = 0; row < size; row++) {
    const at = row * size + row;
    // The constant feature is free, but for what keeps the matrix positive definite.
    data[at] = data[at]! + (isWeighed(row) ? mean : 1e-9 * (data[at]! + 1));
    if (!isWeighed(row)) continue;
    for (let column = 0; column < live.length; column++) {
      const place = row * live.length + column;
      right[place] = right[place]! + mean * weights[features[row]! * outputs + live[column]!]!;
    }
  }
}

/**
 * Removes units one after the other, each time the one without which the readers' outputs can be refitted best (optimal brain
 * surgeon, Hassibi et al. 1993, a whole unit at a time), until `keep` of them are left, or no other may go. Those to go in their order, each with what it costs; null where a system has no solution.
 */
export function eliminate(
  systems: readonly System[],
  units: readonly number[],
  remainder: Remainder,
): Removal[] | null {
  const fits = systems.map(startFit);
  if (fits.some((fit) => fit === null)) return null;
  const left = new Set(units);
  const guard = startGuard(remainder);
  const removals: Removal[] = [];
  while (left.size > remainder.keep) {
    const choices = [...left].filter(guard.mayGo).map((unit) => ({
      unit,
      cost: fits.reduce((sum, fit) => sum + costOf(fit!, unit), 0),
    }));
    if (choices.length === 0) break;
    const cheapest = choices.reduce((best, one) => (one.cost < best.cost ? one : best));
    if (Number.isNaN(cheapest.cost)) return null;
    for (const fit of fits) removeUnit(fit!, cheapest.unit);
    left.delete(cheapest.unit);
    guard.remove(cheapest.unit);
    removals.push(cheapest);
  }
  return removals;
}

/** A unit that goes, and by how much of what they are worth the squared errors of the readers grow without it. */
export interface Removal {
  unit: number;
  cost: number;
}

/**
 * The weights that fit best without some units, [features of the reader][outputs]: zero rows where units were. Null where the system
 * has no solution.
 */
export function solveWithout(
  { matrix, right, outputs, units, features, allFeatures }: System,
  gone: ReadonlySet<number>,
): Float64Array | null {
  const kept = [...units.keys()].filter((place) => !gone.has(units[place]!));
  const size = kept.length;
  const data = new Float64Array(size * size);
  const solved = new Float64Array(size * outputs);
  for (const [row, place] of kept.entries()) {
    for (const [column, other] of kept.entries())
      data[row * size + column] = matrix.data[place * matrix.size + other]!;
    solved.set(right.subarray(place * outputs, (place + 1) * outputs), row * outputs);
  }
  const factor = choleskyFactor({ size, data });
  if (factor === null) return null;
  solveFactored(factor, solved);
  const weights = new Float64Array(allFeatures * outputs);
  for (const [row, place] of kept.entries())
    weights.set(solved.subarray(row * outputs, (row + 1) * outputs), features[place]! * outputs);
  return weights;
}
