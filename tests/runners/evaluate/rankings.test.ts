import { expect, test } from 'vitest';
import { openDataset } from '../../../datasets/open.ts';
import { decodePredictions, encodePredictions } from '../../../tasks/predictions-parquet.ts';
import type { RankingPredictions } from '../../../tasks/predictions.ts';
import { manifestOf } from '../../datasets/manifest-folder.ts';
import { columnsInput, echo, evaluate, valuesOf } from './evaluation.ts';

/** Candidates of three queries, mixed; the score is what the model puts out. */
const data = [
  'score,user,gain,country',
  ...['0.1,anna,3,fi', '0.9,ben,0,dk', '0.7,anna,0,fi', '0.4,ben,1,dk', '0.3,anna,1,fi', '0.5,cleo,2,fi'],
  '',
].join('\n');
const target = { kind: 'gain', column: 'gain', queryColumn: 'user' };
const evaluation = {
  data,
  manifest: { ...columnsInput('score'), target },
  model: echo(1),
  task: { kind: 'ranking' },
  metrics: ['mrr', 'map@2', 'recall@1', 'hit-rate@1', 'ndcg@2'],
} as const;

test('rows are candidates of their queries, each of which is a sample', async () => {
  const result = await evaluate(evaluation);
  const [second, best] = [1 / Math.log2(3), 3 + 1 / Math.log2(3)];
  expect(valuesOf(result)).toMatchObject({
    mrr: (1 / 2 + 1 / 2 + 1) / 3,
    'map@2': (1 / 2 / 2 + 1 / 2 + 1) / 3,
    'recall@1': 1 / 3,
    'hit-rate@1': 1 / 3,
  });
  expect(valuesOf(result)['ndcg@2']).toBeCloseTo((second / best + second + 1) / 3, 12);
  const predictions = result.predictions as RankingPredictions;
  expect(predictions).toMatchObject({
    ids: ['anna', 'ben', 'cleo'],
    offsets: Int32Array.of(0, 3, 5, 6),
    gains: Float64Array.of(3, 0, 1, 0, 1, 2),
  });
  expect(await decodePredictions(encodePredictions(predictions), 'here')).toEqual(predictions);
});

test('a query whose candidates lie in several batches stays one sample, in its cluster', async () => {
  const users = Array.from({ length: 200 }, (_, row) => `u${row % 3}`);
  const rows = users.map(
    (user, row) => `${row / 256},${user},${Number(row === 198)},${user === 'u1' ? 'dk' : 'fi'}`,
  );
  const clustered = { ...evaluation.manifest, cluster: 'country' };
  const many = ['score,user,gain,country', ...rows, ''].join('\n');
  const { predictions, ...result } = await evaluate({ ...evaluation, manifest: clustered, data: many });
  expect(valuesOf({ ...result, predictions })).toMatchObject({ mrr: 1 / 3 });
  expect(predictions).toMatchObject({
    ids: ['u0', 'u1', 'u2'],
    offsets: Int32Array.of(0, 67, 134, 200),
    clusters: { by: 'country', names: ['fi', 'dk', 'fi'] },
  });
});

test('a model may score a whole catalogue, of which each row lists what is relevant', async () => {
  const shop = 'a,b,c,bought\n0.9,0.2,0.4,tea\n0.9,0.2,0.4,milk tea\n';
  const labels = ['rye', 'tea', 'milk'].map((value) => ({ value, label: value }));
  const manifest = { ...columnsInput('a', 'b', 'c'), target: { kind: 'labels', column: 'bought', labels } };
  const result = await evaluate({ ...evaluation, data: shop, manifest, model: echo(3) });
  expect(valuesOf(result)).toMatchObject({ mrr: (1 / 3 + 1 / 2) / 2, 'recall@1': 0 });
  expect(result.predictions).toMatchObject({ ids: ['1', '2'], gains: Float64Array.of(0, 1, 0, 0, 1, 1) });
});

test('all candidates of a query are in one split, and a column to slice by is told once a query', async () => {
  const rows = Array.from({ length: 90 }, (_, row) => `0.5,u${row % 30},1,c${row % 30}`);
  const split = { seed: 3, testShare: 0.4, stratify: false };
  const file = await manifestOf(['score,user,gain,country', ...rows, ''].join('\n'), {
    ...evaluation.manifest,
    split,
  });
  const dataset = await openDataset(file, ['country']);
  const queriesOf = async (part: 'train' | 'test'): Promise<string[]> => {
    const { references } = await dataset.collect(part);
    return references.kind === 'gains' ? [...new Set(references.queries)] : [];
  };
  const [train, held] = [await queriesOf('train'), await queriesOf('test')];
  expect(held).toHaveLength(12);
  expect(new Set([...train, ...held]).size).toBe(30);
  expect(train).toHaveLength(18);
  expect(dataset).toMatchObject({ testSamples: 12, test: { count: 36 } });
  expect(dataset.testColumn('country')).toEqual(held.map((user) => user.replace('u', 'c')));
});

test.each([
  [
    { data: data.replace('anna,3', 'anna,-3') },
    /row 1, column "gain": expected a gain of 0 or more, found "-3"/,
  ],
  [
    {
      data: data.replace('0.9,ben', 'nan,ben'),
      manifest: { ...evaluation.manifest, missing: { features: 'error', label: 'error' } },
    },
    /row 2, column "score"/,
  ],
  [{ data: data.replaceAll(',anna', ',') }, /row 1, column "user": expected a value/],
  [
    { model: echo(2), manifest: { ...evaluation.manifest, ...columnsInput('score', 'gain') } },
    /float \[batch\] or \[batch, 1\], a score a candidate/,
  ],
  [{ manifest: { ...evaluation.manifest, weight: 'gain' } }, /weight: candidates have no weights/],
])('what does not fit is refused: %#', async (given, message) => {
  await expect(evaluate({ ...evaluation, ...given })).rejects.toThrow(message);
});
