import { partOf, spansOf, timesTransposed, type Rows, type Span } from '../matrix-product.ts';

/**
 * Two symmetric matrices that lose places together: the inverse of a system's matrix, and the products of what solves it, solution *
 * solution^T. Each step changes all of both by little, so steps are kept and applied together, and what is asked for in between is made up
 * to date. Of both the lower half alone is kept up, in rows as long as at the start.
 */
export interface ShrinkingPair {
  inverse: Float64Array;
  products: Float64Array;
  rowLength: number;
  /** Places, with those gone whose steps wait. */
  count: number;
  isGone: Uint8Array;
  /** The diagonals by now. */
  pivots: Float64Array;
  squares: Float64Array;
  waiting: Steps;
}

/** Steps i of place p: the inverse loses `weight_i * a_pi * a_qi` at (p, q), the products `weight_i * (a_pi * b_qi + b_pi * a_qi)`. */
interface Steps {
  count: number;
  weights: Float64Array;
  /** [places][most steps] each. */
  a: Float64Array;
  b: Float64Array;
}

/** Steps applied together: more take longer to account for, fewer are slower to apply. */
const mostSteps = 64;

/** Row-major [size][size] each, lower halves; they are changed. */
export function startPair(inverse: Float64Array, products: Float64Array, size: number): ShrinkingPair {
  const diagonalOf = (data: Float64Array): Float64Array =>
    Float64Array.from({ length: size }, (_, at) => data[at * (size + 1)]!);
  return {
    inverse,
    products,
    rowLength: size,
    count: size,
    isGone: new Uint8Array(size),
    pivots: diagonalOf(inverse),
    squares: diagonalOf(products),
    waiting: {
      count: 0,
      weights: new Float64Array(mostSteps),
      a: new Float64Array(size * mostSteps),
      b: new Float64Array(size * mostSteps),
    },
  };
}

/** Both matrices at two places by now. */
export function entriesAt(
  { inverse, products, rowLength, waiting }: ShrinkingPair,
  one: number,
  other: number,
): readonly [inverse: number, products: number] {
  const at = Math.max(one, other) * rowLength + Math.min(one, other);
  let [entry, product] = [inverse[at]!, products[at]!];
  const { a, b, weights, count } = waiting;
  const [first, second] = [one * mostSteps, other * mostSteps];
  for (let step = 0; step < count; step++) {
    const weight = weights[step]!;
    entry -= weight * a[first + step]! * a[second + step]!;
    product -= weight * (a[first + step]! * b[second + step]! + b[first + step]! * a[second + step]!);
  }
  return [entry, product];
}

/** Takes a place out of both. Where places have moved up, those that were there before, in their new order; else null. */
export function removePlace(pair: ShrinkingPair, place: number): Int32Array | null {
  const { count, waiting, pivots, squares } = pair;
  const [row, products] = [rowOf(pair, pair.inverse, place), rowOf(pair, pair.products, place)];
  accountFor(pair, place, { row, products });
  const [pivot, step] = [row[place]!, waiting.count];
  const share = products[place]! / (2 * pivot);
  waiting.weights[step] = 1 / pivot;
  for (let other = 0; other < count; other++) {
    const a = row[other]!;
    const b = products[other]! - share * a;
    waiting.a[other * mostSteps + step] = a;
    waiting.b[other * mostSteps + step] = b;
    pivots[other] = pivots[other]! - (a * a) / pivot;
    squares[other] = squares[other]! - (2 * a * b) / pivot;
  }
  waiting.count += 1;
  pair.isGone[place] = 1;
  return waiting.count === mostSteps ? applySteps(pair) : null;
}

/** As it was when steps were last applied. */
function rowOf({ rowLength, count }: ShrinkingPair, data: Float64Array, row: number): Float64Array {
  const values = new Float64Array(count);
  values.set(data.subarray(row * rowLength, row * rowLength + row + 1));
  for (let other = row + 1; other < count; other++) values[other] = data[other * rowLength + row]!;
  return values;
}

function accountFor(
  { waiting, count }: ShrinkingPair,
  place: number,
  { row, products }: { row: Float64Array; products: Float64Array },
): void {
  const { a, b, weights } = waiting;
  const start = place * mostSteps;
  const ownA = weights.map((weight, step) => weight * a[start + step]!);
  const ownB = weights.map((weight, step) => weight * b[start + step]!);
  for (let other = 0; other < count; other++) {
    const at = other * mostSteps;
    let [entry, product] = [0, 0];
    for (let step = 0; step < waiting.count; step++) {
      entry += a[at + step]! * ownA[step]!;
      product += a[at + step]! * ownB[step]! + b[at + step]! * ownA[step]!;
    }
    row[other] = row[other]! - entry;
    products[other] = products[other]! - product;
  }
}

/** Applies what waits to the places that are left, which move up. Those they were. */
function applySteps(pair: ShrinkingPair): Int32Array {
  const { waiting, rowLength } = pair;
  const kept = Int32Array.from(
    [...pair.isGone.subarray(0, pair.count).keys()].filter((at) => !pair.isGone[at]),
  );
  pair.count = kept.length;
  pair.isGone.fill(0);
  for (const diagonal of [pair.pivots, pair.squares]) moveUp(diagonal, kept, 1);
  for (const steps of [waiting.a, waiting.b]) moveUp(steps, kept, mostSteps);
  for (const data of [pair.inverse, pair.products]) shrink(data, kept, rowLength);
  apply(pair);
  waiting.count = 0;
  waiting.weights.fill(0);
  return kept;
}

function moveUp(data: Float64Array, kept: Int32Array, length: number): void {
  for (let at = 0; at < kept.length; at++)
    data.copyWithin(at * length, kept[at]! * length, (kept[at]! + 1) * length);
}

/** The lower half of what is kept, in place: nothing is written before it is read. */
function shrink(data: Float64Array, kept: Int32Array, rowLength: number): void {
  for (let row = 0; row < kept.length; row++) {
    const [target, source] = [row * rowLength, kept[row]! * rowLength];
    for (let at = 0; at <= row; at++) data[target + at] = data[source + kept[at]!]!;
  }
}

/** Rows that are computed together: what is computed of a band beyond the lower half is wasted. */
const bandRows = 256;

function apply({ inverse, products, rowLength, count, waiting }: ShrinkingPair): void {
  const { a, b, weights } = waiting;
  const [weightedA, weightedB] = [weighted(a, weights), weighted(b, weights)];
  const ofProducts = [besides(weightedA, weightedB, count), besides(b, a, count)] as const;
  const steps = { from: 0, to: mostSteps };
  const both = { from: 0, to: 2 * mostSteps };
  for (const band of spansOf(count, bandRows)) {
    const upTo = { from: 0, to: band.to };
    const entries = timesTransposed(
      partOf({ data: weightedA, rowLength: mostSteps }, band, steps),
      partOf({ data: a, rowLength: mostSteps }, upTo, steps),
    );
    subtractLower({ data: inverse, rowLength }, entries, band);
    const [left, right] = ofProducts;
    subtractLower(
      { data: products, rowLength },
      timesTransposed(partOf(left, band, both), partOf(right, upTo, both)),
      band,
    );
  }
}

/** Each step times its weight. */
function weighted(steps: Float64Array, weights: Float64Array): Float64Array {
  const values = new Float64Array(steps.length);
  for (let at = 0; at < steps.length; at++) values[at] = steps[at]! * weights[at % mostSteps]!;
  return values;
}

/** [places][steps] twice as [places][twice the steps]. */
function besides(first: Float64Array, second: Float64Array, places: number): Rows {
  const rowLength = 2 * mostSteps;
  const data = new Float64Array(places * rowLength);
  for (let place = 0; place < places; place++) {
    const [from, to] = [place * mostSteps, (place + 1) * mostSteps];
    data.set(first.subarray(from, to), place * rowLength);
    data.set(second.subarray(from, to), place * rowLength + mostSteps);
  }
  return { data, rowLength };
}

function subtractLower({ data, rowLength }: Rows, values: Float64Array, band: Span): void {
  for (let row = band.from; row < band.to; row++) {
    const [target, source] = [row * rowLength, (row - band.from) * band.to];
    for (let at = 0; at <= row; at++) data[target + at] = data[target + at]! - values[source + at]!;
  }
}

/** The lower half of rows times their transpose, [size][size]; `isLower` where each row is zero after its own place. */
export function timesOwnTranspose(rows: Rows, size: number, isLower: boolean): Float64Array {
  const product = new Float64Array(size * size);
  for (const band of spansOf(size, bandRows)) {
    const inner = { from: 0, to: isLower ? band.to : rows.rowLength };
    const upTo = partOf(rows, { from: 0, to: band.to }, inner);
    const own = { ...upTo, rows: band.to - band.from, data: upTo.data.subarray(band.from * inner.to) };
    const found = timesTransposed(own, upTo);
    for (let row = band.from; row < band.to; row++) {
      const start = (row - band.from) * band.to;
      product.set(found.subarray(start, start + row + 1), row * size);
    }
  }
  return product;
}
