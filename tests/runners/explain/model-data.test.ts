import { expect, test } from 'vitest';
import { loadModel } from '../../../models/manifest.ts';
import { dataOf } from '../../../runners/explain/model-data.ts';
import { columnsInput } from '../evaluate/evaluation.ts';
import { manifestOf } from '../../datasets/manifest-folder.ts';

test('where a dataset alone is named, its task has the options that a suite has by default', async () => {
  const target = { kind: 'flags', columns: ['x'] };
  const split = { seed: 1, testShare: 1, stratify: false };
  const dataset = await manifestOf('a,x\n0.5,1\n', { ...columnsInput('a'), target, split });
  expect(await dataOf(await loadModel('tumours-mlp'), { dataset })).toEqual({
    dataset,
    task: { kind: 'multilabel', scores: 'probabilities', threshold: 0.5 },
    metric: 'f1-micro',
    scoresBy: 'nobody',
  });
});
