import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quantizeInt8, type Int8Settings } from '../../../models/passes/int8.ts';

const settings = fc.record({
  columns: fc.integer({ min: 1, max: 5 }),
  granularity: fc.constantFrom('per-channel', 'per-tensor'),
  limit: fc.constantFrom(64, 127),
});

const weightsOf = (columns: number): fc.Arbitrary<Float32Array> =>
  fc
    .array(
      fc.array(fc.float({ min: Math.fround(-1e6), max: Math.fround(1e6), noNaN: true }), {
        minLength: columns,
        maxLength: columns,
      }),
      {
        minLength: 1,
        maxLength: 6,
      },
    )
    .map((rows) => Float32Array.from(rows.flat()));

test('every weight is within half a step of its int8 value, and no value passes the limit', () => {
  const cases = settings.chain((one) => fc.tuple(fc.constant(one), weightsOf(one.columns)));
  fc.assert(
    fc.property(cases, ([one, weights]) => {
      const { values, scales } = quantizeInt8(weights, one);
      for (const [index, weight] of weights.entries()) {
        const scale = scales[index % one.columns] ?? NaN;
        // A float32 scale is off by up to 2^-24 of itself, 127 times over.
        expect(Math.abs(weight - (values[index] ?? NaN) * scale)).toBeLessThanOrEqual(scale * 0.50001);
        expect(Math.abs(values[index] ?? NaN)).toBeLessThanOrEqual(one.limit);
      }
    }),
    { seed: 7, numRuns: 300 },
  );
});

test('a weight halfway between two steps goes to the even one', () => {
  const weights = Float32Array.of(127, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5);
  const { values } = quantizeInt8(weights, { columns: 1, granularity: 'per-tensor', limit: 127 });
  expect([...values]).toEqual([127, 0, 2, 2, 0, -2, -2]);
});

test('one scale for the tensor comes from its largest magnitude, one a column from each column', () => {
  const weights = Float32Array.of(1, -8, 2, 4);
  const settingsOf = (granularity: Int8Settings['granularity']): Int8Settings => ({
    columns: 2,
    granularity,
    limit: 64,
  });
  expect([...quantizeInt8(weights, settingsOf('per-tensor')).scales]).toEqual([0.125, 0.125]);
  expect([...quantizeInt8(weights, settingsOf('per-channel')).scales]).toEqual([0.03125, 0.125]);
});

test('a column of zeros has the scale 1', () => {
  const { scales, values } = quantizeInt8(Float32Array.of(0, 3, -0, 1), {
    columns: 2,
    granularity: 'per-channel',
    limit: 127,
  });
  expect(scales[0]).toBe(1);
  expect([values[0], values[2]]).toEqual([0, 0]);
});
