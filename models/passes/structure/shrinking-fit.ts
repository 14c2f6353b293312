import { choleskyFactor, inverseFactor, solveFactored, type SquareMatrix } from '../cholesky.ts';
import type { System } from './eliminate.ts';

/**
 * A system that is losing features: the inverse of what is left of its matrix, and the weights that fit best. Places that are left come
 * first in both; of the inverse, which is symmetric, the lower half alone is kept up.
 */
export interface ShrinkingFit {
  /** Row-major, with rows as long as at the start. */
  inverse: Float64Array;
  /** [places][outputs]. */
  solution: Float64Array;
  outputs: number;
  rowLength: number;
  /** Places that are left. */
  count: number;
  /** The unit of each place. */
  units: Int32Array;
  /** Where each unit is. */
  places: Map<number, number[]>;
  /** Units that are zero on all of the data. */
  idle: ReadonlySet<number>;
  /** What its squared error is counted in, so that readers compare. */
  worth: number;
}

/** Null where the system has no solution. */
export function startFit({ matrix, right, outputs, units, idle, worth }: System): ShrinkingFit | null {
  const upper = inverseFactor(matrix);
  if (upper === null) return null;
  const inverse = timesOwnTranspose(upper);
  const solution = symmetricTimes({ size: matrix.size, data: inverse }, right, outputs);
  let energy = 0;
  for (let index = 0; index < solution.length; index++) energy += solution[index]! * right[index]!;
  const counted = worth ?? energy;
  const places = Map.groupBy(units.keys(), (place) => units[place]!);
  const isIdle = (own: readonly number[]): boolean => own.every((place) => idle[place] === 1);
  return {
    inverse,
    solution,
    outputs,
    rowLength: matrix.size,
    count: matrix.size,
    units: units.slice(),
    places,
    idle: new Set([...places].filter(([, own]) => isIdle(own)).map(([unit]) => unit)),
    worth: counted > 0 ? counted : 1,
  };
}

/** The lower half of U^T * U. */
function timesOwnTranspose({ size, data }: SquareMatrix): Float64Array {
  const product = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    const target = product.subarray(row * size, row * size + row + 1);
    const weights = Float64Array.from({ length: row + 1 }, (_, above) => data[above * size + row]!);
    addRows(target, weights, { data, rowLength: size, isUpper: true });
  }
  return product;
}

/** As many columns of a few thousand rows stay in a processor's cache. */
const tile = 64;

/** A symmetric matrix, by its lower half, times [size][columns]. */
function symmetricTimes({ size, data }: SquareMatrix, right: Float64Array, columns: number): Float64Array {
  const product = new Float64Array(size * columns);
  for (let first = 0; first < columns; first += tile) {
    const width = Math.min(tile, columns - first);
    const rows = { data: right.subarray(first), rowLength: columns, isUpper: false };
    for (let row = 0; row < size; row++) {
      const start = row * columns + first;
      addRows(
        product.subarray(start, start + width),
        rowOf({ data, rowLength: size, count: size }, row),
        rows,
      );
    }
  }
  return product;
}

/** A row of a symmetric matrix whose lower half is kept. */
function rowOf(
  { data, rowLength, count }: { data: Float64Array; rowLength: number; count: number },
  row: number,
): Float64Array {
  const values = new Float64Array(count);
  values.set(data.subarray(row * rowLength, row * rowLength + row + 1));
  for (let other = row + 1; other < count; other++) values[other] = data[other * rowLength + row]!;
  return values;
}

interface Rows {
  data: Float64Array;
  rowLength: number;
  /** Whether each row is zero before its own place. */
  isUpper: boolean;
}

/** Adds rows, each times its weight: four at a time, as it takes longer to read and write the target than to compute. */
function addRows(target: Float64Array, weights: Float64Array, { data, rowLength, isUpper }: Rows): void {
  const whole = weights.length - (weights.length % 4);
  for (let row = 0; row < whole; row += 4) {
    const [a, b, c, d] = [weights[row]!, weights[row + 1]!, weights[row + 2]!, weights[row + 3]!];
    const first = row * rowLength;
    const [second, third, fourth] = [first + rowLength, first + 2 * rowLength, first + 3 * rowLength];
    for (let at = isUpper ? row : 0; at < target.length; at++) {
      const sum = a * data[first + at]! + b * data[second + at]!;
      target[at] = target[at]! + sum + c * data[third + at]! + d * data[fourth + at]!;
    }
  }
  for (let row = whole; row < weights.length; row++) {
    for (let at = 0; at < target.length; at++)
      target[at] = target[at]! + weights[row]! * data[row * rowLength + at]!;
  }
}

/** By how much the squared error of the outputs grows without a unit, even after a refit. */
export function costOf(fit: ShrinkingFit, unit: number): number {
  // Holding on to weights that nothing reaches would have a cost of its own.
  if (fit.idle.has(unit)) return 0;
  const places = fit.places.get(unit) ?? [];
  const [place] = places;
  if (place === undefined) return 0;
  return (places.length === 1 ? costOfOne(fit, place) : costOfSeveral(fit, places)) / fit.worth;
}

function costOfOne({ inverse, solution, outputs, rowLength }: ShrinkingFit, place: number): number {
  let squares = 0;
  for (let at = place * outputs; at < (place + 1) * outputs; at++) squares += solution[at]! ** 2;
  return squares / inverse[place * rowLength + place]!;
}

function costOfSeveral(
  { inverse, solution, outputs, rowLength }: ShrinkingFit,
  places: readonly number[],
): number {
  const size = places.length;
  const data = Float64Array.from({ length: size * size }, (_, index) => {
    const [one, other] = [places[Math.floor(index / size)]!, places[index % size]!];
    return inverse[Math.max(one, other) * rowLength + Math.min(one, other)]!;
  });
  const weights = new Float64Array(size * outputs);
  for (const [row, place] of places.entries())
    weights.set(solution.subarray(place * outputs, (place + 1) * outputs), row * outputs);
  const factor = choleskyFactor({ size, data });
  if (factor === null) return Infinity;
  const solved = weights.slice();
  solveFactored(factor, solved);
  return weights.reduce((sum, weight, index) => sum + weight * solved[index]!, 0);
}

/** Takes a unit out of the inverse and moves its weights to the others. */
export function removeUnit(fit: ShrinkingFit, unit: number): void {
  const places = fit.places.get(unit) ?? [];
  for (let last = places.at(-1); last !== undefined; last = places.at(-1)) removePlace(fit, last);
}

function removePlace(fit: ShrinkingFit, place: number): void {
  const { inverse, solution, outputs, rowLength, count } = fit;
  const row = rowOf({ data: inverse, rowLength, count }, place);
  const weights = solution.slice(place * outputs, (place + 1) * outputs);
  const pivot = row[place]!;
  for (let other = 0; other < count; other++) {
    const share = row[other]! / pivot;
    if (share === 0 || other === place) continue;
    subtract(inverse, { times: share, values: row, start: other * rowLength, length: other + 1 });
    subtract(solution, { times: share, values: weights, start: other * outputs, length: outputs });
  }
  moveLastTo(fit, place);
}

interface Difference {
  times: number;
  values: Float64Array;
  start: number;
  length: number;
}

function subtract(from: Float64Array, { times, values, start, length }: Difference): void {
  const target = from.subarray(start, start + length);
  for (let at = 0; at < length; at++) target[at] = target[at]! - times * values[at]!;
}

/** What is left stays together, so that the work shrinks with it. */
function moveLastTo(fit: ShrinkingFit, place: number): void {
  const { inverse, solution, outputs, rowLength, units, places } = fit;
  const last = --fit.count;
  forget(places.get(units[place]!), place);
  if (place === last) return;
  for (let other = 0; other < last; other++) {
    const value = inverse[last * rowLength + other]!;
    if (other < place) inverse[place * rowLength + other] = value;
    else if (other > place) inverse[other * rowLength + place] = value;
  }
  inverse[place * rowLength + place] = inverse[last * rowLength + last]!;
  solution.copyWithin(place * outputs, last * outputs, (last + 1) * outputs);
  const unit = units[last]!;
  units[place] = unit;
  const own = places.get(unit)!;
  own[own.indexOf(last)] = place;
}

function forget(own: number[] | undefined, place: number): void {
  own?.splice(own.indexOf(place), 1);
}
