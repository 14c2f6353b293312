import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { sha256OfPieces } from '../../../core/hash.ts';
import { packageRoot } from '../../../core/package-root.ts';
import { decodeModel } from '../../../models/onnx/read.ts';
import type { OnnxModel } from '../../../models/onnx/model.ts';
import type { PassOutcome } from '../../../models/passes/pass.ts';
import { quantizeDynamic } from '../../../models/passes/quantize-dynamic.ts';
import { quantizeWeights } from '../../../models/passes/quantize-weights.ts';
import { goldenFile } from '../golden-models.ts';

/** A hash of the integers, scales and zero points of each weight. */
const hashes = z.record(z.string(), z.string());
const golden = z
  .object({
    madeBy: z.string(),
    blockSize: z.int(),
    models: z.array(
      z.object({
        model: z.string(),
        weights: z.array(z.object({ bits: z.int(), isSymmetric: z.boolean(), weights: hashes })),
        dynamic: z.array(z.object({ granularity: z.string(), reduceRange: z.boolean(), weights: hashes })),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(goldenFile('quantize-models.json'), 'utf8')));

const inInt8 = golden.models.filter(({ dynamic }) => Object.keys(dynamic[0]?.weights ?? {}).length > 0);
const inFewBits = golden.models.filter(({ weights }) => Object.keys(weights[0]?.weights ?? {}).length > 0);

test.for(inInt8)(
  'every matrix of $model in int8 is that of Python, per tensor and per channel',
  async ({ model, dynamic }) => {
    for (const { granularity, reduceRange, weights } of dynamic) {
      const made = modelOf(await quantizeDynamic.apply(read(model), { granularity, reduceRange }));
      const found = hashesOf(made, Object.keys(weights), ['_quantized', '_scale', '_zero_point']);
      expect({ granularity, reduceRange, found }).toEqual({ granularity, reduceRange, found: weights });
    }
  },
);

test.for(inFewBits)(
  'every matrix of $model in 2, 4 and 8 bits is that of Python',
  async ({ model, weights: forms }) => {
    const { blockSize } = golden;
    for (const { bits, isSymmetric, weights } of forms) {
      const symmetry = isSymmetric ? 'symmetric' : 'asymmetric';
      const parameters = { bits, blockSize, symmetry, method: 'rtn' };
      const made = modelOf(await quantizeWeights.apply(read(model), parameters, null));
      const ends = ['_levels', '_scales', ...(isSymmetric ? [] : ['_zero_points'])];
      const found = hashesOf(made, Object.keys(weights), ends);
      expect({ bits, symmetry, found }).toEqual({ bits, symmetry, found: weights });
    }
  },
);

test('the golden file holds more than 20 models for each, made by onnxruntime 1.30', () => {
  expect(golden.madeBy).toContain('onnxruntime.quantization 1.30.0');
  expect([inInt8.length, inFewBits.length]).toEqual([38, 25]);
});

function read(file: string): OnnxModel {
  return decodeModel(readFileSync(path.join(packageRoot, file)), file);
}

function modelOf(outcome: PassOutcome): OnnxModel {
  if (outcome.status !== 'applied') throw new Error(outcome.reason);
  return outcome.model;
}

function hashesOf(
  { graph }: OnnxModel,
  weights: readonly string[],
  ends: readonly string[],
): Record<string, string> {
  const stored = new Map(graph.initializer.map(({ name, rawData }) => [name, rawData]));
  return Object.fromEntries(
    weights.map((weight) => [
      weight,
      sha256OfPieces(ends.map((end) => stored.get(`${weight}${end}`) ?? new Uint8Array())),
    ]),
  );
}
