import { joinIds } from '../../../core/ids.ts';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { packageRoot } from '../../../core/package-root.ts';
import { buildVariant } from '../../../models/build.ts';
import { contentBytes, contentHash } from '../../../models/content-hash.ts';
import { formatOf } from '../../../models/format.ts';
import { withStretch } from '../../../models/onnx/external-data.ts';
import { mapTensors } from '../../../models/onnx/map-tensors.ts';
import { decodeModel } from '../../../models/onnx/read.ts';
import { encodeModel } from '../../../models/onnx/write.ts';
import { tfjsFiles } from '../../../models/tfjs/read.ts';
import { evaluateCell } from '../../../runners/pool/evaluate-cell.ts';
import type { Lanes } from '../../../runners/pool/lanes.ts';
import { ownThread } from '../../../runners/pool/own-thread.ts';
import type { EvaluateTask } from '../../../runners/pool/task.ts';
import { startThreadLanes } from '../../../runners/pool/thread-lanes.ts';
import { parseTarget } from '../../../suites/target.ts';
import { createProject, type Project } from '../../cli/project.ts';
import { writeTwoNumbersModel } from '../../fakes/tfjs-models.ts';

const digitsFile = path.join(packageRoot, 'models/catalog/digits-cnn/model.onnx');

const onDigits: EvaluateTask = {
  kind: 'evaluate',
  target: parseTarget('onnxruntime/cpu'),
  artifact: { format: 'onnx', path: digitsFile },
  sizeBytes: await contentBytes([digitsFile]),
  dataset: 'digits',
  task: { kind: 'classification', scores: 'probabilities' },
  metrics: ['accuracy', 'log-loss'],
  level: 0.95,
  seed: 1,
};

test('a cell comes out the same to the last bit on one lane and on three', async () => {
  const alone = await evaluateCell(onDigits);
  const together = await evaluateCell(onDigits, startThreadLanes(3));
  expect(together).toEqual(alone);
  expect(alone.predictions.ids).toHaveLength(539);
});

test('where fewer samples are enough, they are whole batches spread evenly, whatever the lanes', async () => {
  const some = { ...onDigits, mostSamples: 200 };
  const { predictions } = await evaluateCell(some, startThreadLanes(2));
  expect(predictions).toEqual((await evaluateCell(some)).predictions);
  const all = (await evaluateCell(onDigits)).predictions;
  expect(predictions.ids).toEqual(joinIds([0, 192, 384].map((start) => all.ids.slice(start, start + 64))));
});

test('what is wrong with a model is told as it is without threads', async () => {
  const misfit = { ...onDigits, dataset: 'tumours' };
  const message = /input "\w+" accepts float32/;
  await expect(evaluateCell(misfit)).rejects.toThrow(message);
  await expect(evaluateCell(misfit, startThreadLanes(2))).rejects.toThrow(message);
});

test('a model is asked for before the dataset is read, whose faults are told first', async () => {
  const asked: string[] = [];
  const lanes: Lanes = {
    count: 1,
    run: (one) => {
      asked.push(one(0).kind);
      return ownThread.run(one);
    },
  };
  const nothing = { format: 'onnx', path: 'nowhere.onnx' } as const;
  const unread = { ...onDigits, artifact: nothing, dataset: 'nowhere' };
  await expect(evaluateCell(unread, lanes)).rejects.toThrow('Unknown dataset "nowhere"');
  expect(asked).toEqual(['open']);
});

/** How many copies of the model may be loaded where there is memory for so many times what its files take. */
async function copiesOf(task: EvaluateTask, timesItsFiles: number): Promise<number[]> {
  const copies = new Set<number>();
  const lanes: Lanes = {
    count: 3,
    run: (one, resident) => {
      if (resident !== undefined) copies.add(resident.copies);
      return ownThread.run(one);
    },
  };
  const memoryBytes = 200 * 2 ** 20 + timesItsFiles * task.sizeBytes;
  await evaluateCell({ ...task, memoryBytes }, lanes);
  return [...copies];
}

test('a model is loaded no more often than the memory of its cell allows', async () => {
  expect(await copiesOf(onDigits, 2 * 2.5)).toEqual([2]);
  expect(await copiesOf(onDigits, 0)).toEqual([1]);
});

/** Moves the weights of the project's model to a file that is named and filled up as no exporter of ours does it. */
async function moveWeights({ folder, write }: Project): Promise<string[]> {
  const [file, data] = ['mine.onnx', 'mine.onnx_data'].map((name) => path.join(folder, name)) as [
    string,
    string,
  ];
  const model = decodeModel(await readFile(file), file);
  const moved = mapTensors(model, (tensor) =>
    withStretch(tensor, { file: 'mine.onnx_data', offset: 0, length: 8 }),
  );
  await write('mine.onnx_data', Buffer.concat([model.graph.initializer[0]?.rawData ?? Buffer.of()], 2 ** 16));
  await write('mine.onnx', encodeModel(moved));
  return [file, data];
}

async function addTfjsModel({ folder }: Project): Promise<string[]> {
  await writeTwoNumbersModel(folder);
  return tfjsFiles(path.join(folder, 'model.json'));
}

test.for([
  ['onnxruntime/cpu', 'mine.onnx_data', moveWeights],
  ['tfjs/cpu', 'the shard of a model.json', addTfjsModel],
] as const)('on %s, weights in %s count for how often a model is loaded', async ([target, , addModel]) => {
  const project = await createProject();
  onTestFinished(() => rm(project.folder, { recursive: true, force: true }));
  const [file = '', weights = ''] = await addModel(project);
  const format = formatOf(file);
  const sha256 = await contentHash(format === 'onnx' ? [file] : [file, weights]);
  const model = { path: file, sha256 };
  const built = await buildVariant({ model, variant: 'fp32' }, path.join(project.folder, 'built'));
  if (built.status !== 'built') throw new Error(built.reason);
  const { sizeBytes } = built.variant;
  expect(sizeBytes).toBe(await contentBytes([file, weights]));
  const task: EvaluateTask = {
    ...onDigits,
    target: parseTarget(target),
    artifact: { format, path: file },
    sizeBytes,
    dataset: path.join(project.folder, 'mine.dataset.json'),
    task: { kind: 'regression' },
    metrics: ['mse'],
  };
  expect(await copiesOf(task, 50 * 2.5)).toEqual([50]);
});
