import { expect, test } from 'vitest';
import { textsOf } from '../../../core/ids.ts';
import type { GraphBuilder } from '../../../models/onnx/builder.ts';
import { decodePredictions, encodePredictions } from '../../../tasks/predictions-parquet.ts';
import type { MultilabelPredictions } from '../../../tasks/predictions.ts';
import { columnsInput, echo, evaluate, modelOf, valuesOf } from './evaluation.ts';

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

/** A model of three labels: whether each score is above 0.5, as exporters of scikit-learn put it out, beside what is asked for. */
function decided(make: (graph: GraphBuilder, decisions: string, x: string) => void): Uint8Array {
  return modelOf(3, (graph, x) => {
    const half = graph.initializer('half', { type: 'float32', shape: [], data: Float32Array.of(0.5) });
    make(graph, graph.node('Greater', [x, half]), x);
  });
}

const flagged = decided((graph, decisions) => {
  graph.node('Cast', [decisions], { attributes: { to: { int: 7 } }, outputs: ['label'] });
  graph.output('label', { type: 'int64', shape: ['batch', 3] });
});

const paired = decided((graph, decisions, x) => {
  graph.node('Identity', [decisions], { outputs: ['label'] });
  graph.output('label', { type: 'bool', shape: ['batch', 3] });
  const one = graph.initializer('one', { type: 'float32', shape: [], data: Float32Array.of(1) });
  const last = graph.initializer('last', { type: 'int64', shape: [1], data: BigInt64Array.of(-1n) });
  const columns = [graph.node('Sub', [one, x]), x].map((values) => {
    const turned = graph.node('Transpose', [values]);
    return graph.node('Unsqueeze', [turned, last]);
  });
  graph.node('Concat', columns, { attributes: { axis: { int: -1 } }, outputs: ['probabilities'] });
  graph.output('probabilities', { type: 'float32', shape: [3, 'batch', 2] });
});

test('labels that a model decides by itself are scores of 0 and 1', async () => {
  const result = await evaluate({ ...evaluation, model: flagged });
  expect(result.predictions).toMatchObject({
    predicted: Uint8Array.of(1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0),
    scores: Float64Array.of(1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0),
  });
  const logits = { ...evaluation.task, scores: 'logits', threshold: 0.2 } as const;
  const whatever = await evaluate({ ...evaluation, model: flagged, task: logits });
  expect(whatever.predictions).toMatchObject({
    predicted: Uint8Array.of(1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0),
  });
  const counted = modelOf(3, (graph, x) => {
    graph.node('Cast', [x], { attributes: { to: { int: 7 } }, outputs: ['label'] });
    graph.output('label', { type: 'int64', shape: ['batch', 3] });
  });
  const counting = evaluate({ ...evaluation, data: data.replace('0.9', '2.9'), model: counted });
  await expect(counting).rejects.toThrow('the model says 2 of a label; 0 and 1 are accepted');
});

test('of a list of classifiers, one a label, the probability of the second class is the score', async () => {
  const result = await evaluate({ ...evaluation, model: paired });
  const { predictions } = await evaluate(evaluation);
  expect(result.predictions).toEqual(predictions);
  expect(result.batchInvariance.largestDifference).toBeLessThan(1e-6);
});
