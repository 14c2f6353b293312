import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from '../../../../core/random.ts';
import { eliminate, solveWithout, type System } from '../../../../models/passes/structure/eliminate.ts';

const draws = fc.record({
  units: fc.integer({ min: 2, max: 6 }),
  places: fc.integer({ min: 1, max: 3 }),
  seed: fc.integer(),
});

test('the first unit to go is the one without which a new fit has the least error', () => {
  fc.assert(
    fc.property(draws, ({ units, places, seed }) => {
      const { system, errorWithout } = problem({ units, places, seed });
      const names = Array.from({ length: units }, (_, unit) => unit);
      const removals = eliminate([system], names, { keep: units - 1, parts: [] });
      const errors = names.map((unit) => errorWithout(new Set([unit])));
      expect(removals).toHaveLength(1);
      expect(errors[removals?.[0]?.unit ?? -1]).toBeLessThanOrEqual(Math.min(...errors) * (1 + 1e-9) + 1e-9);
    }),
    { seed: 5, numRuns: 100 },
  );
});

test('each unit that goes is the one without which, of those left, a new fit has the least error', () => {
  fc.assert(
    fc.property(draws, ({ units, places, seed }) => {
      const { system, errorWithout } = problem({ units, places, seed });
      const names = Array.from({ length: units }, (_, unit) => unit);
      const gone: number[] = [];
      for (const { unit } of eliminate([system], names, { keep: 1, parts: [] }) ?? []) {
        const left = names.filter((one) => !gone.includes(one));
        const errors = left.map((one) => errorWithout(new Set([...gone, one])));
        gone.push(unit);
        expect(errorWithout(new Set(gone))).toBeLessThanOrEqual(Math.min(...errors) * (1 + 1e-9) + 1e-9);
      }
      expect(gone).toHaveLength(units - 1);
    }),
    { seed: 7, numRuns: 50 },
  );
});

test('the half that goes costs little more than the best of all halves, and less than that of the smallest weights', () => {
  const names = [0, 1, 2, 3, 4, 5];
  const halves = names.flatMap((a) =>
    names.flatMap((b) => names.flatMap((c) => (a < b && b < c ? [[a, b, c]] : []))),
  );
  const totals = { best: 0, chosen: 0, smallest: 0 };
  for (let seed = 100; seed < 140; seed++) {
    const { system, errorWithout } = problem({ units: names.length, places: 1, seed, mixed: 0.8 });
    const weights = solveWithout(system, new Set()) ?? new Float64Array();
    const norm = (unit: number): number => Math.hypot(weights[2 * unit] ?? NaN, weights[2 * unit + 1] ?? NaN);
    const chosen = eliminate([system], names, { keep: 3, parts: [] })?.map(({ unit }) => unit) ?? [];
    totals.best += Math.min(...halves.map((half) => errorWithout(new Set(half))));
    totals.chosen += errorWithout(new Set(chosen));
    totals.smallest += errorWithout(new Set(names.toSorted((a, b) => norm(a) - norm(b)).slice(0, 3)));
  }
  expect(totals.chosen).toBeLessThan(1.05 * totals.best);
  expect(totals.chosen).toBeLessThan(0.95 * totals.smallest);
});

test('what a removal costs is by how much the squared error grows, in units of what the outputs are worth', () => {
  const { system, errorWithout } = problem({ units: 4, places: 2, seed: 6 });
  const removals = eliminate([{ ...system, worth: 3 }], [0, 1, 2, 3], { keep: 1, parts: [] }) ?? [];
  expect(removals).toHaveLength(3);
  const gone = new Set<number>();
  for (const { unit, cost } of removals) {
    const before = errorWithout(gone);
    expect(cost).toBeCloseTo((errorWithout(gone.add(unit)) - before) / 3, 6);
  }
});

test.for([1, 2])('of many removals of %i places each the later ones cost what they do, too', (places) => {
  const units = 110;
  const { system, errorWithout } = problem({ units, places, seed: 9, rows: 400, mixed: 0.5 });
  const names = Array.from({ length: units }, (_, unit) => unit);
  const removals = eliminate([{ ...system, worth: 1 }], names, { keep: 2, parts: [] }) ?? [];
  expect(new Set(removals.map(({ unit }) => unit)).size).toBe(units - 2);
  for (const at of [0, 40, 75, 107]) {
    const goneUpTo = (count: number): Set<number> =>
      new Set(removals.slice(0, count).map(({ unit }) => unit));
    const grown = errorWithout(goneUpTo(at + 1)) - errorWithout(goneUpTo(at));
    expect((removals[at]?.cost ?? NaN) / grown).toBeCloseTo(1, 4);
  }
});

test('a unit that another one repeats goes first, and the fit without it is exact', () => {
  const { system, errorWithout } = problem({ units: 4, places: 1, seed: 3, isRepeated: true });
  const gone = new Set(eliminate([system], [0, 1, 2, 3], { keep: 3, parts: [] })?.map(({ unit }) => unit));
  expect([0, 3].some((unit) => gone.has(unit))).toBe(true);
  expect(errorWithout(gone)).toBeLessThan(1e-6);
});

test('removed units have zero weights, and the constant feature stays', () => {
  const { system } = problem({ units: 3, places: 2, seed: 8 });
  const weights = solveWithout(system, new Set([1])) ?? new Float64Array();
  const zeroRows = [...system.units.keys()].filter((place) =>
    weights.subarray(place * system.outputs, (place + 1) * system.outputs).every((weight) => weight === 0),
  );
  expect(zeroRows).toEqual([2, 3]);
});

test('a system without a solution chooses nothing', () => {
  const matrix = { size: 2, data: Float64Array.of(1, 1, 1, 1) };
  const features = Int32Array.of(0, 1);
  const system = {
    matrix,
    right: Float64Array.of(1, 1),
    outputs: 1,
    units: features,
    features,
    allFeatures: 2,
    idle: new Int32Array(2),
  };
  expect(eliminate([system], [0, 1], { keep: 1, parts: [] })).toBeNull();
  expect(solveWithout(system, new Set())).toBeNull();
});

interface Problem {
  units: number;
  places: number;
  seed: number;
  rows?: number;
  /** Whether the last unit is the first one again. */
  isRepeated?: boolean;
  /** How much of the one before a unit has in it. */
  mixed?: number;
}

/** Random features, a constant one last, and outputs of two columns; the error is computed from the data themselves. */
function problem({ units, places, seed, rows = 40, isRepeated = false, mixed = 0 }: Problem): {
  system: System;
  errorWithout: (gone: ReadonlySet<number>) => number;
} {
  const random = createRandom(seed);
  const outputs = 2;
  const size = units * places + 1;
  const x = Array.from({ length: rows }, () => {
    const row = Array.from({ length: size }, (_, place) => (place === size - 1 ? 1 : random.normal()));
    for (let at = 1; at < size - 1; at++) row[at] = (row[at] ?? 0) + mixed * (row[at - 1] ?? 0);
    if (isRepeated) row[size - 2] = row[0] ?? 0;
    return row;
  });
  const y = x.map((row) =>
    [0, 1].map((output) => row.reduce((sum, value, at) => sum + value * Math.sin(at + output + 1), 0)),
  );
  const matrix = { size, data: products(x, x, size) };
  if (isRepeated)
    for (let at = 0; at < size; at++) matrix.data[at * size + at] = (matrix.data[at * size + at] ?? 0) + 1e-9;
  const place = (at: number): number => (at === size - 1 ? -1 : Math.floor(at / places));
  const system: System = {
    matrix,
    right: products(x, y, outputs),
    outputs,
    units: Int32Array.from({ length: size }, (_, at) => place(at)),
    features: Int32Array.from({ length: size }, (_, at) => at),
    allFeatures: size,
    idle: new Int32Array(size),
  };
  const errorWithout = (gone: ReadonlySet<number>): number => {
    const weights = solveWithout(system, gone) ?? new Float64Array();
    const predicted = x.map((row) =>
      [0, 1].map((output) =>
        row.reduce((sum, value, at) => sum + value * (weights[at * outputs + output] ?? NaN), 0),
      ),
    );
    return predicted.flat().reduce((sum, value, index) => sum + (value - (y.flat()[index] ?? NaN)) ** 2, 0);
  };
  return { system, errorWithout };
}

/** Left^T * right. */
function products(left: readonly number[][], right: readonly number[][], width: number): Float64Array {
  const size = left[0]?.length ?? 0;
  return Float64Array.from({ length: size * width }, (_, index) =>
    left.reduce(
      (sum, row, at) => sum + (row[Math.floor(index / width)] ?? NaN) * (right[at]?.[index % width] ?? NaN),
      0,
    ),
  );
}
