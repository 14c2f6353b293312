import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { toFloat16 } from '../../../models/passes/float16.ts';
import { goldenFile } from '../golden-models.ts';

const golden = z
  .object({ float32: z.string(), float16: z.string() })
  .parse(JSON.parse(readFileSync(goldenFile('float16.json'), 'utf8')));

test('values of every size, halfway ones too, become the float16 Python makes of them', () => {
  const values = new Float32Array(Uint8Array.from(Buffer.from(golden.float32, 'base64')).buffer);
  const expected = new Uint16Array(Uint8Array.from(Buffer.from(golden.float16, 'base64')).buffer);
  expect(values.length).toBeGreaterThan(5000);
  expect(toFloat16(values).bits).toEqual(expected);
});

test('values float16 cannot hold are clamped and counted; infinities and zeros are not', () => {
  const found = toFloat16(
    Float32Array.of(65504, 65505, -1e38, Infinity, -Infinity, 0, -0, 1e-8, -1e-45, 6e-8),
  );
  expect([...found.bits]).toEqual([0x7bff, 0x7bff, 0xfbff, 0x7c00, 0xfc00, 0, 0x8000, 1, 0x8001, 1]);
  expect([found.above, found.below]).toEqual([2, 2]);
});

test('NaN stays NaN', () => {
  expect((toFloat16(Float32Array.of(NaN)).bits[0] ?? 0) & 0x7fff).toBeGreaterThan(0x7c00);
});
