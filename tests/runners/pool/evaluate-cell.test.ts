import { stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../../core/package-root.ts';
import { evaluateCell } from '../../../runners/pool/evaluate-cell.ts';
import type { Lanes } from '../../../runners/pool/lanes.ts';
import { ownThread } from '../../../runners/pool/own-thread.ts';
import type { EvaluateTask } from '../../../runners/pool/task.ts';
import { startThreadLanes } from '../../../runners/pool/thread-lanes.ts';
import { parseTarget } from '../../../suites/target.ts';

const onDigits: EvaluateTask = {
  kind: 'evaluate',
  target: parseTarget('onnxruntime/cpu'),
  artifact: { format: 'onnx', path: path.join(packageRoot, 'models/catalog/digits-cnn/model.onnx') },
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

test('what is wrong with a model is told as it is without threads', async () => {
  const misfit = { ...onDigits, dataset: 'tumours' };
  const message = /input "\w+" accepts float32/;
  await expect(evaluateCell(misfit)).rejects.toThrow(message);
  await expect(evaluateCell(misfit, startThreadLanes(2))).rejects.toThrow(message);
});

test('a model is loaded no more often than the memory of its cell allows', async () => {
  const copies = new Set<number | undefined>();
  const lanes: Lanes = {
    count: 3,
    run: (task, resident) => {
      if (resident !== undefined) copies.add(resident.copies);
      return ownThread.run(task);
    },
  };
  const { size } = await stat(onDigits.artifact.path);
  await evaluateCell({ ...onDigits, memoryBytes: 200 * 2 ** 20 + 2 * 2.5 * size }, lanes);
  await evaluateCell({ ...onDigits, memoryBytes: 1 }, lanes);
  expect([...copies]).toEqual([2, 1]);
});
