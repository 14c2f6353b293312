import { choleskyFactor, inverseFactor, solveFactored, type SquareMatrix } from '../cholesky.ts';
import type { JointProducts } from './joint-products.ts';
import type { LinearReader } from './reader-system.ts';

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

/** A system on the way: the inverse of what is left, and its solution. */
interface State {
  inverse: Float64Array;
  solution: Float64Array;
  system: System;
  /** What its squared error is counted in, so that readers compare. */
  worth: number;
}

/**
 * Removes units one after the other, each time the one without which the readers' outputs can be refitted best (optimal brain
 * surgeon, Hassibi et al. 1993, a whole unit at a time), until `keep` of them are left. Those to go in their order, each with what it costs; null where a system has no solution.
 */
export function eliminate(
  systems: readonly System[],
  units: readonly number[],
  keep: number,
): Removal[] | null {
  const states = systems.map(startState);
  if (states.some((state) => state === null)) return null;
  const left = new Set(units);
  const removals: Removal[] = [];
  while (left.size > keep) {
    const choices = [...left].map((unit) => ({
      unit,
      cost: states.reduce((sum, state) => sum + costOf(state!, unit), 0),
    }));
    const cheapest = choices.reduce((best, one) => (one.cost < best.cost ? one : best));
    if (Number.isNaN(cheapest.cost)) return null;
    for (const state of states) removeUnit(state!, cheapest.unit);
    left.delete(cheapest.unit);
    removals.push(cheapest);
  }
  return removals;
}

/** A unit that goes, and by how much of what they are worth the squared errors of the readers grow without it. */
export interface Removal {
  unit: number;
  cost: number;
}

function startState(system: System): State | null {
  const { matrix, right, outputs } = system;
  const { size } = matrix;
  const upper = inverseFactor(matrix);
  const factor = choleskyFactor(matrix);
  if (upper === null || factor === null) return null;
  const inverse = timesOwnTranspose(upper);
  const solution = right.slice();
  solveFactored(factor, solution);
  let energy = 0;
  for (let index = 0; index < size * outputs; index++) energy += solution[index]! * right[index]!;
  const worth = system.worth ?? energy;
  return { inverse, solution, system, worth: worth > 0 ? worth : 1 };
}

/** U^T * U. */
function timesOwnTranspose({ size, data }: SquareMatrix): Float64Array {
  const product = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let left = row; left < size; left++) {
      const weight = data[row * size + left]!;
      for (let right = row; right < size; right++) {
        product[left * size + right] = product[left * size + right]! + weight * data[row * size + right]!;
      }
    }
  }
  return product;
}

/** By how much the squared error of the outputs grows, even after a refit. */
function costOf({ inverse, solution, system, worth }: State, unit: number): number {
  const { outputs, matrix, units, idle } = system;
  const places = placesOf(units, unit);
  // Holding on to weights that nothing reaches would have a cost of its own.
  if (places.every((place) => idle[place] === 1)) return 0;
  const block = new Float64Array(places.length ** 2);
  const weights = new Float64Array(places.length * outputs);
  for (const [row, place] of places.entries()) {
    for (const [column, other] of places.entries())
      block[row * places.length + column] = inverse[place * matrix.size + other]!;
    weights.set(solution.subarray(place * outputs, (place + 1) * outputs), row * outputs);
  }
  const solved = weights.slice();
  const factor = choleskyFactor({ size: places.length, data: block });
  if (factor === null) return Infinity;
  solveFactored(factor, solved);
  return weights.reduce((sum, weight, index) => sum + weight * solved[index]!, 0) / worth;
}

function placesOf(units: Int32Array, unit: number): number[] {
  const places: number[] = [];
  for (let place = 0; place < units.length; place++) if (units[place] === unit) places.push(place);
  return places;
}

function removeUnit(state: State, unit: number): void {
  for (const place of placesOf(state.system.units, unit)) removePlace(state, place);
}

/** Takes one feature out of the inverse and moves its weights to the others. */
function removePlace({ inverse, solution, system }: State, place: number): void {
  const { outputs, matrix } = system;
  const { size } = matrix;
  const row = inverse.slice(place * size, (place + 1) * size);
  const weights = solution.slice(place * outputs, (place + 1) * outputs);
  const pivot = row[place]!;
  for (let other = 0; other < size; other++) {
    const share = row[other]! / pivot;
    if (share === 0) continue;
    for (let column = 0; column < size; column++) {
      inverse[other * size + column] = inverse[other * size + column]! - share * row[column]!;
    }
    for (let column = 0; column < outputs; column++) {
      solution[other * outputs + column] = solution[other * outputs + column]! - share * weights[column]!;
    }
  }
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
