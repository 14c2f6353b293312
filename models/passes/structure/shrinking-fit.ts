import { choleskyFactor, inverseFactor, solveFactored } from '../cholesky.ts';
import { spansOf, timesMatrix, transposedPartOf } from '../matrix-product.ts';
import type { System } from './eliminate.ts';
import {
  entriesAt,
  removePlace,
  startPair,
  timesOwnTranspose,
  type ShrinkingPair,
} from './shrinking-pair.ts';

/**
 * A system that is losing features. What its removals cost takes the inverse of what is left of its matrix, and of the weights that fit
 * best their products with each other alone.
 */
export interface ShrinkingFit {
  pair: ShrinkingPair;
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
  const { size } = matrix;
  const all = { from: 0, to: size };
  const { data } = transposedPartOf({ data: upper.data, rowLength: size }, all, all);
  const inverse = timesOwnTranspose({ data, rowLength: size }, size, true);
  mirrorLower(inverse, size);
  const solution = timesMatrix(
    { rows: size, columns: size, data: inverse },
    { rows: size, columns: outputs, data: right },
  );
  let energy = 0;
  for (let index = 0; index < solution.length; index++) energy += solution[index]! * right[index]!;
  const counted = worth ?? energy;
  const places = Map.groupBy(units.keys(), (place) => units[place]!);
  const isIdle = (own: readonly number[]): boolean => own.every((place) => idle[place] === 1);
  return {
    pair: startPair(inverse, timesOwnTranspose({ data: solution, rowLength: outputs }, size, false), size),
    units: units.slice(),
    places,
    idle: new Set([...places].filter(([, own]) => isIdle(own)).map(([unit]) => unit)),
    worth: counted > 0 ? counted : 1,
  };
}

/** Rows and columns of a tile: both sides of it stay in a processor's cache. */
const tile = 32;

function mirrorLower(data: Float64Array, size: number): void {
  for (const rows of spansOf(size, tile)) {
    for (const columns of spansOf(rows.to, tile)) {
      for (let row = rows.from; row < rows.to; row++) {
        for (let column = columns.from; column < Math.min(row, columns.to); column++)
          data[column * size + row] = data[row * size + column]!;
      }
    }
  }
}

/** By how much the squared error of the outputs grows without a unit, even after a refit. */
export function costOf(fit: ShrinkingFit, unit: number): number {
  // Holding on to weights that nothing reaches would have a cost of its own.
  if (fit.idle.has(unit)) return 0;
  const places = fit.places.get(unit) ?? [];
  const [place] = places;
  if (place === undefined) return 0;
  return (places.length === 1 ? costOfOne(fit.pair, place) : costOfSeveral(fit.pair, places)) / fit.worth;
}

function costOfOne({ pivots, squares }: ShrinkingPair, place: number): number {
  return Math.max(0, squares[place]!) / pivots[place]!;
}

/** The trace of the inverse's block, inverted, times the products'. */
function costOfSeveral(pair: ShrinkingPair, places: readonly number[]): number {
  const size = places.length;
  const block = { size, data: new Float64Array(size * size) };
  const products = new Float64Array(size * size);
  for (const [row, one] of places.entries()) {
    for (const [column, other] of places.entries())
      [block.data[row * size + column], products[row * size + column]] = entriesAt(pair, one, other);
  }
  const factor = choleskyFactor(block);
  if (factor === null) return Infinity;
  solveFactored(factor, products);
  let trace = 0;
  for (let at = 0; at < size; at++) trace += products[at * (size + 1)]!;
  return Math.max(0, trace);
}

/** Takes a unit out of the inverse and moves its weights to the others. */
export function removeUnit(fit: ShrinkingFit, unit: number): void {
  const places = fit.places.get(unit) ?? [];
  for (let last = places.at(-1); last !== undefined; last = places.at(-1)) {
    places.pop();
    const kept = removePlace(fit.pair, last);
    if (kept !== null) moveUp(fit, kept);
  }
}

/** Places are counted anew. */
function moveUp({ units, places }: ShrinkingFit, kept: Int32Array): void {
  for (const own of places.values()) own.length = 0;
  for (let place = 0; place < kept.length; place++) {
    const unit = units[kept[place]!]!;
    units[place] = unit;
    places.get(unit)!.push(place);
  }
}
