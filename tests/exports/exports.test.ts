import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Samples } from '../../core/samples.ts';
import type { Tensors } from '../../core/tensor.ts';
import { buildVariant } from '../../models/build.ts';
import { loadModel, onnxOf } from '../../models/manifest.ts';
import { loadSettings } from '../../runners/load-settings.ts';
import { onnxruntimeRunner } from '../../runners/onnxruntime/runner.ts';
import { taskOf } from '../../runners/task-of.ts';
import { parseTarget } from '../../suites/target.ts';
import { predict } from '../../tasks/task.ts';
import { streamOf } from '../tasks/sample-stream.ts';
import { goldenExport, goldenExports } from './golden-exports.ts';

const settings = loadSettings(parseTarget('onnxruntime/cpu'), { threads: 1 });

async function run(file: string, inputs: Tensors): Promise<Tensors> {
  const session = await onnxruntimeRunner.load({ format: 'onnx', path: file }, settings);
  const outputs = await session.run(inputs);
  await session.close();
  return outputs;
}

test.for(goldenExports)('$name gives what its framework does, and tells its classes', async (golden) => {
  const found = await run(golden.path, golden.inputs);
  expect(Object.keys(found).sort()).toEqual(Object.keys(golden.outputs).sort());
  for (const [name, { shape, data }] of Object.entries(golden.outputs)) {
    expect(found[name]?.shape, name).toEqual(shape);
    for (const [index, expected] of data.entries()) {
      const value = found[name]?.data[index];
      if (typeof expected !== 'number') expect(value, `${name} ${index}`).toBe(expected);
      else expect(Math.abs(Number(value) - expected) / Math.max(1, Math.abs(expected))).toBeLessThan(1e-5);
    }
  }
  expect((await loadModel(golden.path)).labels).toEqual(golden.classes);
});

/** Variants that exports have products or weights for; trees have none. */
const everyVariant = ['int8-dynamic', 'int8-static', 'fp16', 'prune-magnitude-50'];
const madeOf: Readonly<Record<string, readonly string[]>> = {
  'keras-image': everyVariant,
  'keras-words-and-numbers': everyVariant,
  'torch-image-traced': everyVariant,
  'torch-image': everyVariant,
  'torch-words': everyVariant,
  'transformers-classifier': everyVariant,
  'sklearn-bayes-tensor': ['fp16'],
  'sklearn-texts': ['fp16'],
};

const cacheDir = await mkdtemp(path.join(os.tmpdir(), 'exports-'));

test.for(goldenExports)('passes on $name leave a model that runs, or say why not', async (golden) => {
  const model = onnxOf(await loadModel(golden.path));
  const made: string[] = [];
  for (const variant of everyVariant) {
    const calibration = {
      description: 'golden inputs',
      hash: golden.name,
      batches: () => only(golden.inputs),
    };
    const built = await buildVariant({ model, variant, calibration, gzip: false }, cacheDir);
    if (built.status === 'not-applicable') {
      expect(built.reason, variant).toMatch(/ /);
      continue;
    }
    made.push(variant);
    const outputs = await run(built.path, golden.inputs);
    for (const [name, { shape }] of Object.entries(golden.outputs))
      expect(outputs[name]?.shape, `${variant} ${name}`).toEqual(shape);
  }
  expect(made).toEqual(madeOf[golden.name] ?? []);
});

// eslint-disable-next-line @typescript-eslint/require-await -- the contract is asynchronous
async function* only(inputs: Tensors): AsyncGenerator<Tensors> {
  yield inputs;
}

test.for(goldenExports.filter(({ classes }) => classes !== null))(
  'classes of $name are those of the data, in whatever order the data have them',
  async ({ name }) => {
    const { path: file, classes, inputs, outputs } = goldenExport(name);
    const model = await loadModel(file);
    const session = await onnxruntimeRunner.load({ format: 'onnx', path: file }, settings);
    const given = taskOf({ kind: 'classification', scores: scoresOf(name) }, model, 'onnx');
    const values = [...(classes ?? [])].reverse();
    const samples = samplesOf(inputs, values);
    const predictions = await predict({
      infer: (batch) => session.run(batch),
      samples: streamOf(samples),
      batchSize: 5,
      task: given,
    });
    await session.close();
    if (predictions.kind !== 'classification') throw new Error('no classification');
    expect(predictions.labels).toEqual(values);
    const expected = Array.from(outputs.output_label?.data ?? outputs.label?.data ?? [], String);
    const found = Array.from(predictions.predicted, (index) => predictions.labels[index]);
    expect(found).toEqual(expected.length > 0 ? expected : likeliestOf(outputs, classes ?? []));
  },
);

/** Of these only the network of Transformers ends in logits. */
function scoresOf(name: string): 'logits' | 'probabilities' {
  return name === 'transformers-classifier' ? 'logits' : 'probabilities';
}

/** Each row is said to be of the first class: what matters is what the model gives. */
function samplesOf(inputs: Tensors, values: readonly string[]): Samples {
  const rows = Object.values(inputs)[0]?.shape[0] ?? 0;
  const ids = Array.from({ length: rows }, (_, row) => String(row));
  return {
    ids,
    inputs,
    references: { kind: 'classes', labels: values, values, indices: new Int32Array(rows) },
  };
}

/** The class of the highest score a row. */
function likeliestOf(outputs: Tensors, classes: readonly string[]): (string | undefined)[] {
  const scores = Array.from(outputs.logits?.data ?? [], Number);
  return Array.from({ length: scores.length / classes.length }, (_, row) => {
    const own = scores.slice(row * classes.length, (row + 1) * classes.length);
    return classes[own.indexOf(Math.max(...own))];
  });
}
