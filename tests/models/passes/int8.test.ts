import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quantizeToInt8, type ChannelLayout } from '../../../models/onnx/kernels.ts';
import { int8Scales } from '../../../models/passes/int8.ts';

const layouts = fc.record({
  channels: fc.integer({ min: 1, max: 5 }),
  inner: fc.integer({ min: 1, max: 4 }),
});

const weightsOf = ({ channels, inner }: ChannelLayout): fc.Arbitrary<Float32Array> => {
  const value = fc.float({ min: Math.fround(-1e6), max: Math.fround(1e6), noNaN: true });
  const size = channels * inner;
  const block = fc.array(value, { minLength: size, maxLength: size });
  return fc.array(block, { minLength: 1, maxLength: 6 }).map((blocks) => Float32Array.from(blocks.flat()));
};

test('every weight is within half a step of its int8 value, and no value passes the limit', () => {
  const cases = fc.tuple(
    layouts.chain((layout) => fc.tuple(fc.constant(layout), weightsOf(layout))),
    fc.constantFrom(64 as const, 127 as const),
  );
  fc.assert(
    fc.property(cases, ([[layout, weights], limit]) => {
      const scales = int8Scales(weights, layout, limit);
      const values = quantizeToInt8(weights, scales, layout);
      for (const [index, weight] of weights.entries()) {
        const scale = scales[Math.floor(index / layout.inner) % layout.channels] ?? NaN;
        // A float32 scale is off by up to 2^-24 of itself, 127 times over.
        expect(Math.abs(weight - (values[index] ?? NaN) * scale)).toBeLessThanOrEqual(scale * 0.50001);
        expect(Math.abs(values[index] ?? NaN)).toBeLessThanOrEqual(limit);
      }
    }),
    { seed: 7, numRuns: 300 },
  );
});

test('a weight halfway between two steps goes to the even one', () => {
  const weights = Float32Array.of(127, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5);
  const layout = { channels: 1, inner: 7 };
  expect([...quantizeToInt8(weights, int8Scales(weights, layout, 127), layout)]).toEqual([
    127, 0, 2, 2, 0, -2, -2,
  ]);
});

test('a scale comes from the largest magnitude of its channel: the tensor, a column or a row', () => {
  const weights = Float32Array.of(1, -8, 2, 4);
  expect([...int8Scales(weights, { channels: 1, inner: 4 }, 64)]).toEqual([0.125]);
  expect([...int8Scales(weights, { channels: 2, inner: 1 }, 64)]).toEqual([0.03125, 0.125]);
  expect([...int8Scales(weights, { channels: 2, inner: 2 }, 64)]).toEqual([0.125, 0.0625]);
});

test('a channel of zeros has the scale 1', () => {
  const weights = Float32Array.of(0, 3, -0, 1);
  const layout = { channels: 2, inner: 1 };
  const scales = int8Scales(weights, layout, 127);
  expect(scales[0]).toBe(1);
  expect(quantizeToInt8(weights, scales, layout).filter((_, index) => index % 2 === 0)).toEqual(
    new Int8Array(2),
  );
});

test('a lone scale is not finite where a weight is not, wherever it stands', () => {
  for (const odd of [NaN, Infinity, -Infinity]) {
    for (const at of [0, 3, 16, 99]) {
      const weights = new Float32Array(100).fill(1).with(at, odd);
      expect([...int8Scales(weights, { channels: 1, inner: 100 }, 127)]).toEqual([
        expect.not.toSatisfy(Number.isFinite),
      ]);
    }
  }
});

test('a lone scale is that of the largest magnitude where magnitudes add up to more than a float32 holds', () => {
  const weights = Float32Array.of(1e38, -1.5e38, 1.4e38);
  const layout = { channels: 1, inner: 3 };
  const scales = int8Scales(weights, layout, 127);
  expect([...scales]).toEqual([Math.fround(Math.fround(2 * Math.fround(1.5e38)) / 254)]);
  expect([...quantizeToInt8(weights, scales, layout)]).toEqual([85, -127, 119]);
});

test('one scale for all gives what as many equal scales give', () => {
  const weights = Float32Array.from({ length: 4096 }, (_, index) => Math.fround(Math.sin(index * index) * 3));
  const [scale = NaN] = int8Scales(weights, { channels: 1, inner: 4096 }, 127);
  const alike = quantizeToInt8(weights, Float32Array.of(scale), { channels: 1, inner: 4096 });
  expect(alike).toEqual(
    quantizeToInt8(weights, new Float32Array(64).fill(scale), { channels: 64, inner: 1 }),
  );
});
