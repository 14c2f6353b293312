import { readFileSync } from 'node:fs';
import path from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import { io, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { createRandom } from '../../../core/random.ts';
import { packageRoot } from '../../../core/package-root.ts';
import type { PassOutcome } from '../../../models/passes/pass.ts';
import type { TfjsModel, Weight, WeightSpec } from '../../../models/tfjs/model.ts';
import { storeWeights } from '../../../models/tfjs/passes/store-weights.ts';
import { floatsOf, floatWeight } from '../../../models/tfjs/weight-values.ts';

const goldenSchema = z.object({
  weights: z.array(
    z.object({
      name: z.string(),
      shape: z.array(z.int()),
      base64: z.string(),
      forms: z.array(
        z.object({
          dtype: z.enum(['uint8', 'uint16', 'float16']),
          spec: z.record(z.string(), z.unknown()),
          base64: z.string(),
        }),
      ),
    }),
  ),
});
const goldenFile = path.join(packageRoot, 'tests/golden/tfjs/stored-weights.json');
const golden = goldenSchema.parse(JSON.parse(readFileSync(goldenFile, 'utf8'))).weights;
const dtypes = ['uint8', 'uint16', 'float16'] as const;
type Dtype = (typeof dtypes)[number];

beforeAll(() => setBackend('cpu'));

function floats(base64: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer);
}

function modelOf(name: string, values: Float32Array, shape = [values.length]): TfjsModel {
  const spec: WeightSpec = { name, shape, dtype: 'float32' };
  return {
    file: { modelTopology: {}, weightsManifest: [{ paths: [], weights: [spec] }] },
    groups: [[floatWeight({ spec }, values)]],
  };
}

function stored(model: TfjsModel, dtype: Dtype): { weight: Weight; summary: string } {
  const outcome: PassOutcome<TfjsModel> = storeWeights.apply(model, { dtype });
  if (outcome.status !== 'applied') throw new Error(outcome.reason);
  const [weight] = outcome.model.groups.flat();
  if (weight === undefined) throw new Error('the weight is gone');
  return { weight, summary: outcome.summary };
}

/** What TF.js itself makes of a stored weight when it loads it. */
function loaded({ spec, bytes }: Weight): Float32Array {
  const tensors = io.decodeWeights(new Uint8Array(bytes).buffer, [spec as io.WeightsManifestEntry]);
  return tensors[spec.name]?.dataSync() as Float32Array;
}

test.for(golden)(
  '"$name" is stored as the converter stores it, bit for bit',
  ({ name, shape, base64, forms }) => {
    expect(forms.length).toBeGreaterThan(1);
    for (const form of forms) {
      const { weight } = stored(modelOf(name, floats(base64), shape), form.dtype);
      expect(weight.spec).toEqual(form.spec);
      expect(Buffer.from(weight.bytes).toString('base64')).toBe(form.base64);
    }
  },
);

test.for(dtypes)(
  'TF.js loads what was stored as %s as the values of its definition, bit for bit',
  (dtype) => {
    const random = createRandom(5);
    for (const spread of [1e-7, 0.05, 1, 300]) {
      const values = Float32Array.from({ length: 999 }, () => spread * random.normal());
      const { weight } = stored(modelOf('w', values), dtype);
      const expected = floatsOf(weight);
      expect(loaded(weight)).toEqual(expected);
      const step = Number(weight.spec.quantization?.scale ?? 0);
      const beyond = values.filter((value, index) => {
        const most = dtype === 'float16' ? 2 ** -25 + Math.abs(value) * 2 ** -11 : step * 0.5001;
        return Math.abs((expected[index] ?? NaN) - value) > most;
      });
      expect([...beyond]).toEqual([]);
    }
  },
);

test('every float16 is read as TF.js reads it', () => {
  const bits = Uint16Array.from({ length: 2 ** 16 }, (_, index) => index);
  const weight: Weight = {
    spec: { name: 'w', shape: [2 ** 16], dtype: 'float32', quantization: { dtype: 'float16' } },
    bytes: new Uint8Array(bits.buffer),
  };
  expect(floatsOf(weight)).toEqual(loaded(weight));
});

test('a weight beyond the range of float16 becomes its largest value, and is counted', () => {
  const { weight, summary } = stored(modelOf('w', Float32Array.of(1e6, -7e4, 1, Infinity)), 'float16');
  expect([...floatsOf(weight)]).toEqual([65504, -65504, 1, Infinity]);
  expect(summary).toContain('2 beyond its range as 65504');
});

test.for(dtypes)('NaN is not stored as %s', (dtype) => {
  expect(() => stored(modelOf('w', Float32Array.of(1, NaN)), dtype)).toThrow(
    'Weights "w" hold NaN at index 1',
  );
});

test('weights that are not float32, or smaller already, stay', () => {
  const ids: Weight = { spec: { name: 'ids', shape: [2], dtype: 'int32' }, bytes: new Uint8Array(8) };
  const half = stored(modelOf('half', Float32Array.of(1, 2)), 'float16').weight;
  const [plain] = modelOf('plain', Float32Array.of(1, 2)).groups.flat();
  const model: TfjsModel = {
    file: { modelTopology: {}, weightsManifest: [] },
    groups: [[ids, half], plain === undefined ? [] : [plain]],
  };
  const outcome = storeWeights.apply(model, { dtype: 'uint8' });
  if (outcome.status !== 'applied') throw new Error(outcome.reason);
  expect(outcome.model.groups[0]).toEqual([ids, half]);
  expect(outcome.model.groups[1]?.[0]?.spec.quantization?.dtype).toBe('uint8');
  expect(storeWeights.apply(outcome.model, { dtype: 'uint8' })).toEqual({
    status: 'nothing-to-do',
    reason: 'no float32 weight is stored in full; all are smaller already',
  });
});
