import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { buildVariant } from '../../models/build.ts';
import { loadModel, onnxOf } from '../../models/manifest.ts';
import { openFile } from '../../models/onnx/open-file.ts';
import { fromOrtValues, toOrtValues } from '../../models/onnx/ort-values.ts';
import type { CalibrationData } from '../../models/passes/calibration.ts';
import {
  fileOf,
  uncarriedFile,
  uncarriedModels,
  uncarriedSamples,
  zippedDoubles,
} from './uncarried-models.ts';

const calibration: CalibrationData = {
  description: 'made for the test',
  hash: 'none',
  // eslint-disable-next-line @typescript-eslint/require-await -- the contract is asynchronous
  batches: async function* () {
    yield uncarriedSamples();
  },
};

test.for(Object.keys(uncarriedModels))('a model with %s is calibrated, proven and runs', async (name) => {
  const model = onnxOf(await loadModel(await uncarriedFile(name)));
  const cacheDir = await mkdtemp(path.join(os.tmpdir(), 'assay-uncarried-'));
  const built = await buildVariant({ model, variant: 'int8-static', calibration }, cacheDir);
  if (built.status !== 'built') throw new Error(built.reason);
  const expected = await scoresOf(model.path);
  for (const [index, score] of (await scoresOf(built.path)).entries())
    expect(Math.abs(score - (expected[index] ?? NaN))).toBeLessThan(0.05);
});

async function scoresOf(file: string): Promise<number[]> {
  const session = await openFile(file, {});
  const outputs = fromOrtValues(session.run(toOrtValues(session.inputs, { ...uncarriedSamples() })));
  session.close();
  return Array.from(Object.values(outputs)[0]?.data ?? [], Number);
}

test('a ZipMap of float64, which ONNX Runtime refuses, is taken out before', async () => {
  const expected = await scoresOf(await uncarriedFile('an output of ZipMap'));
  const found = await scoresOf(await fileOf(zippedDoubles()));
  expect(found).toEqual(expected);
});
