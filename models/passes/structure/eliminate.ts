import { choleskyFactor, inverseFactor, solveFactored, type SquareMatrix } from '../cholesky.ts';
import type { JointProducts } from './joint-products.ts';
import type { LinearReader } from './reader-system.ts';

/** A least-squares problem: `matrix` * weights = `right`, row-major [features][outputs]. */
export interface System {
  matrix: SquareMatrix;
  right: Float64Array;
  outputs: number;
  /** Root unit of each feature; -1 for the constant one. */
  units: Int32Array;
}

/** Share of the mean square of a feature by which the fit is held to the weights there were: few data say little. */
const hold = 0.01;

/** The normal equations of a reader, held to the weights it has. */
export function systemOf(
  reader: LinearReader,
  { gram, cross }: JointProducts,
  weights: Float64Array,
): System {
  const { features, outputs } = reader;
  const { size } = gram;
  const data = gram.data.slice();
  const right = cross.slice();
  let trace = 0;
  for (let feature = 0; feature < features; feature++) trace += data[feature * size + feature]!;
  const mean = hold * (trace > 0 ? trace / features : 1);
  for (let feature = 0; feature < size; feature++) {
    const at = feature * size + feature;
    // The constant feature is free, but for what keeps the matrix positive definite.
    data[at] = data[at]! + (feature < features ? mean : 1e-9 * (data[at]! + 1));
  }
  for (let index = 0; index < features * outputs; index++)
    right[index] = right[index]! + mean * weights[index]!;
  const units = new Int32Array(size).fill(-1);
  units.set(reader.units);
  return { matrix: { size, data }, right, outputs, units };
}

/** A system on the way: the inverse of what is left, and its solution. */
interface State {
  inverse: Float64Array;
  solution: Float64Array;
  system: System;
  /** What all outputs are worth, so that readers compare. */
  energy: number;
}

/**
 * Removes units one after the other, each time the one without which the readers' outputs can be refitted best (optimal brain
 * surgeon, Hassibi et al. 1993, a whole unit at a time), until `keep` of them are left. Null where a system has no solution.
 */
export function eliminate(
  systems: readonly System[],
  units: readonly number[],
  keep: number,
): Set<number> | null {
  const states = systems.map(startState);
  if (states.some((state) => state === null)) return null;
  const gone = new Set<number>();
  while (units.length - gone.size > keep) {
    const left = units.filter((unit) => !gone.has(unit));
    const costs = left.map((unit) => states.reduce((sum, state) => sum + costOf(state!, unit), 0));
    const cheapest = left[costs.indexOf(Math.min(...costs))];
    if (cheapest === undefined) return null;
    for (const state of states) removeUnit(state!, cheapest);
    gone.add(cheapest);
  }
  return gone;
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
  return { inverse, solution, system, energy: energy > 0 ? energy : 1 };
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
function costOf({ inverse, solution, system, energy }: State, unit: number): number {
  const { outputs, matrix, units } = system;
  const places = placesOf(units, unit);
  if (places.length === 0) return 0;
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
  return weights.reduce((sum, weight, index) => sum + weight * solved[index]!, 0) / energy;
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

/** The weights that fit best without some units: zero rows where they were. Null where the system has no solution. */
export function solveWithout(
  { matrix, right, outputs, units }: System,
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
  const weights = new Float64Array(units.length * outputs);
  for (const [row, place] of kept.entries()) {
    weights.set(solved.subarray(row * outputs, (row + 1) * outputs), place * outputs);
  }
  return weights;
}
