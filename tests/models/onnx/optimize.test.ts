import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { OnnxModel } from '../../../models/onnx/model.ts';
import { decodeModelFile, readModelBytes } from '../../../models/onnx/read.ts';
import { saveModel } from '../../../models/onnx/save.ts';
import { readTensor } from '../../../models/onnx/tensor.ts';
import { applyPasses } from '../../../models/passes/apply.ts';
import { parseVariant, stepsOn } from '../../../models/variant.ts';
import { drawnCalibration } from '../passes/small-calibration.ts';
import { smallCnn } from '../small-cnn.ts';

// The second makes weights only when they are asked for.
test.for(['int8-static', 'prune-magnitude-50+int8-static'])(
  'a model with its weights in another file has the integers of one that holds them, as %s',
  async (variant) => {
    const source = smallCnn();
    const [held, found] = [await make(source, variant), await make(await split(source), variant)];
    expect(tensorsOf(found)).toEqual(tensorsOf(held));
    expect(found.graph.node.map(({ opType }) => opType)).toEqual(held.graph.node.map(({ opType }) => opType));
  },
);

async function split(model: OnnxModel): Promise<OnnxModel> {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-optimize-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'split.onnx');
  await saveModel(model, file, { inlineBytes: 0 });
  return decodeModelFile(await readModelBytes(file), file);
}

async function make(source: OnnxModel, variant: string): Promise<OnnxModel> {
  const made = await applyPasses(
    source,
    stepsOn(parseVariant(variant), 'onnx') ?? [],
    drawnCalibration(source),
  );
  if ('reason' in made) throw new Error(made.reason);
  return made.model;
}

function tensorsOf({ graph }: OnnxModel): Record<string, unknown> {
  return Object.fromEntries(graph.initializer.map((tensor) => [tensor.name, readTensor(tensor)]));
}
