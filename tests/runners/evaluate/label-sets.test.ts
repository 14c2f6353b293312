import { expect, test } from 'vitest';
import { textsOf } from '../../../core/ids.ts';
import { decodePredictions, encodePredictions } from '../../../tasks/predictions-parquet.ts';
import type { MultilabelPredictions } from '../../../tasks/predictions.ts';
import { columnsInput, echo, evaluate, valuesOf } from './evaluation.ts';

/** What a model that puts out its input says of cats, dogs and birds, and what there is. */
const data = 'c,d,b,seen\n0.9,0.2,0.1,cat\n0.6,0.7,0.4,cat dog\n0.3,0.2,0.1,\n0.1,0.8,0.5,dog bird\n';
const labels = ['cat', 'dog', 'bird'].map((value) => ({ value, label: `a ${value}` }));
const evaluation = {
  data,
  manifest: { ...columnsInput('c', 'd', 'b'), target: { kind: 'labels', column: 'seen', labels } },
  model: echo(3),
  task: { kind: 'multilabel', scores: 'probabilities', threshold: 0.5 },
  metrics: ['subset-accuracy', 'f1-micro', 'roc-auc-macro', 'lrap'],
} as const;

test('every label whose probability is above the threshold is predicted, and all figures come of it', async () => {
  const result = await evaluate(evaluation);
  expect(valuesOf(result)).toEqual({
    'subset-accuracy': 0.75,
    'f1-micro': (2 * 4) / (2 * 4 + 1),
    'roc-auc-macro': 1,
    lrap: 1,
  });
  const predictions = result.predictions as MultilabelPredictions;
  expect(predictions).toMatchObject({
    labels: ['a cat', 'a dog', 'a bird'],
    expected: Uint8Array.of(1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 1),
    predicted: Uint8Array.of(1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0),
  });
  expect(await decodePredictions(encodePredictions(predictions), 'here')).toEqual({
    ...predictions,
    ids: textsOf(predictions.ids),
  });
});

test('the threshold is a probability, of logits too', async () => {
  const task = { ...evaluation.task, scores: 'logits', threshold: 0.65 } as const;
  const { predictions } = await evaluate({ ...evaluation, task });
  // Above ln(0.65 / 0.35), which is 0.619.
  expect((predictions as MultilabelPredictions).predicted).toEqual(
    Uint8Array.of(1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0),
  );
});

test('labels may be columns of 0 and 1, or a list, and stand in another order in the model, among others', async () => {
  const flags = 'c,d,b,a bird,a cat\n0.9,0.2,0.1,0,1\n0.3,0.7,0.8,1,0\n';
  const target = { kind: 'flags', columns: ['a bird', 'a cat'] };
  const task = { ...evaluation.task, labels: ['a cat', 'a dog', 'a bird'] };
  const read = async (given: object): Promise<MultilabelPredictions> =>
    (await evaluate({ ...evaluation, task, ...given })).predictions as MultilabelPredictions;
  const asColumns = await read({ data: flags, manifest: { ...evaluation.manifest, target } });
  expect(asColumns).toMatchObject({
    expected: Uint8Array.of(0, 1, 1, 0),
    predicted: Uint8Array.of(0, 1, 1, 0),
  });
  const rows = [
    { c: 0.9, d: 0.2, b: 0.1, seen: ['cat'] },
    { c: 0.3, d: 0.7, b: 0.8, seen: [] },
  ];
  const listed = { format: { kind: 'jsonl' }, ...evaluation.manifest };
  const asLists = await read({ data: rows.map((row) => JSON.stringify(row)).join('\n'), manifest: listed });
  expect(asLists.expected).toEqual(Uint8Array.of(1, 0, 0, 0, 0, 0));
});

test.each([
  [
    { data: data.replace('cat dog', 'cat cow') },
    /row 2, column "seen": expected any of cat, dog, bird, found "cat cow"/,
  ],
  [
    { data: data.replace('0.9', '1.9') },
    /the model gives a probability of 1\.89.*"scores": "logits".*not so for sample "1"$/,
  ],
  [
    { model: echo(2), manifest: { ...evaluation.manifest, ...columnsInput('c', 'd') } },
    /float \[batch, 3\], a score a label/,
  ],
  [
    { task: { ...evaluation.task, labels: ['a cat', 'a dog', 'a cow'] } },
    /the model does not know the label "a bird"; its labels are: a cat, a dog, a cow/,
  ],
])('what does not fit is refused: %#', async (given, message) => {
  await expect(evaluate({ ...evaluation, ...given })).rejects.toThrow(message);
});

test('a flag other than 0 and 1 is refused', async () => {
  const target = { kind: 'flags', columns: ['x'] };
  const given = { data: 'c,x\n0.5,2\n', model: echo(1), manifest: { ...columnsInput('c'), target } };
  await expect(evaluate({ ...evaluation, ...given })).rejects.toThrow(
    'row 1, column "x": expected 0 or 1, found "2"',
  );
});
