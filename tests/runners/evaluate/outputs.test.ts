import { expect, test } from 'vitest';
import { textsOf } from '../../../core/ids.ts';
import type { GraphBuilder } from '../../../models/onnx/builder.ts';
import { buildGraph } from '../../../models/onnx/builder.ts';
import { encodeModel } from '../../../models/onnx/write.ts';
import { comparePredictions } from '../../../tasks/compare/compare-predictions.ts';
import { outputDistance } from '../../../tasks/compare/output-distance.ts';
import { decodePredictions, encodePredictions } from '../../../tasks/predictions-parquet.ts';
import type { ClassificationPredictions } from '../../../tasks/predictions.ts';
import { taskMetric } from '../../tasks/compare/task-metrics.ts';
import { columnsInput, evaluate, modelOf, valuesOf } from './evaluation.ts';

/** Probabilities of no and yes; the second sample is predicted wrong. */
const data = 'no,yes,answer\n0.75,0.25,n\n0.75,0.25,y\n0.25,0.75,y\n0.5,0.5,n\n';
const manifest = {
  ...columnsInput('no', 'yes'),
  target: {
    kind: 'class',
    column: 'answer',
    classes: [
      { value: 'n', label: 'no' },
      { value: 'y', label: 'yes' },
    ],
  },
};
const task = { kind: 'classification', scores: 'probabilities' } as const;
const evaluation = { data, manifest, task, metrics: ['accuracy', 'log-loss'] };
const logLoss = -(2 * Math.log(0.75) + Math.log(0.25) + Math.log(0.5)) / 4;

function likeliest(graph: GraphBuilder, scores: string): string {
  const attributes = { axis: { int: 1 }, keepdims: { int: 0 } };
  return graph.node('ArgMax', [scores], { attributes });
}

/** As scikit-learn's classifiers are exported without a ZipMap. */
const twoOutputs = modelOf(2, (graph, x) => {
  graph.node('Identity', [likeliest(graph, x)], { outputs: ['label'] });
  graph.output('label', { type: 'int64', shape: ['batch'] });
  graph.node('Identity', [x], { outputs: ['probabilities'] });
  graph.output('probabilities', { type: 'float32', shape: ['batch', 2] });
});

/** Texts of labels alone. */
const labelsAlone = modelOf(2, (graph, x) => {
  const texts = graph.initializer('texts', { type: 'string', shape: [2], data: ['no', 'yes'] });
  graph.node('Gather', [texts, likeliest(graph, x)], { outputs: ['label'] });
  graph.output('label', { type: 'string', shape: ['batch'] });
});

test('of a model that puts out labels and probabilities the probabilities are scored', async () => {
  const values = valuesOf(await evaluate({ ...evaluation, model: twoOutputs }));
  expect(values.accuracy).toBe(0.75);
  expect(values['log-loss']).toBeCloseTo(logLoss, 12);
});

test('a model that takes and puts out float64 is scored as any other', async () => {
  const graph = buildGraph('double');
  const x = graph.input('x', { type: 'float64', shape: ['batch', 2] });
  graph.node('Identity', [x], { outputs: ['y'] });
  graph.output('y', { type: 'float64', shape: ['batch', 2] });
  const values = valuesOf(await evaluate({ ...evaluation, model: encodeModel(graph.model()) }));
  expect(values['log-loss']).toBeCloseTo(logLoss, 12);
});

test('probabilities that do not sum to 1 are scored as they are, and doubted', async () => {
  const given = { ...evaluation, data: data.replace('0.25,0.75', '0.75,1'), model: twoOutputs };
  const result = await evaluate(given);
  const { accuracy, 'log-loss': loss } = valuesOf(result);
  expect(accuracy).toBe(0.75);
  expect(loss).toBeCloseTo(-(Math.log(0.75) + Math.log(0.25) + Math.log(0.5)) / 4, 12);
  expect(result.warnings.map(({ detail }) => detail)).toEqual([
    'Log loss: probabilities should sum to 1 and are taken as they are; not so for sample "3"',
  ]);
});

/** The input rounded to float16. */
const halfModel = modelOf(2, (graph, x) => {
  graph.node('Cast', [x], { outputs: ['y'], attributes: { to: { int: 10 } } });
  graph.output('y', { type: 'float16', shape: ['batch', 2] });
});

test.each([
  // 0.70020 and 0.30005: 2.4e-4 too much, of the 4.9e-4 that rounding may make.
  { what: 'rounded to float16', row: '0.7,0.3', model: halfModel, doubts: 0 },
  { what: 'of float16 that rounding does not explain', row: '0.7,0.301', model: halfModel, doubts: 1 },
  { what: 'of float32 as far off as that', row: '0.7,0.3002', model: twoOutputs, doubts: 1 },
])('probabilities $what have $doubts doubts', async ({ row, model, doubts }) => {
  const { warnings } = await evaluate({ ...evaluation, data: data.replace('0.25,0.75', row), model });
  expect(warnings).toHaveLength(doubts);
});

test('probabilities outside 0 to 1 are refused whatever is asked, and so are stored ones', async () => {
  const outside = data.replaceAll('0.75,0.25', '1.25,-0.25');
  const given = { ...evaluation, data: outside, model: twoOutputs, metrics: ['accuracy'] };
  const message = /a probability of 1\.25; 0 to 1 is accepted.* not so for samples "1", "2"$/;
  await expect(evaluate(given)).rejects.toThrow(message);
  const { predictions } = await evaluate({ ...evaluation, model: twoOutputs });
  const { probabilities } = predictions as ClassificationPredictions;
  const changed = { ...predictions, probabilities: probabilities?.map((value) => 2 * value - 0.25) ?? null };
  await expect(
    decodePredictions(encodePredictions(changed as ClassificationPredictions), 'here'),
  ).rejects.toThrow(
    'here cannot be read as predictions: the model gives a probability of 1.25; 0 to 1 is accepted',
  );
});

test('a model that puts out labels alone has no figure that takes probabilities, with the reason', async () => {
  const result = await evaluate({ ...evaluation, model: labelsAlone });
  expect(result.metrics).toMatchObject([
    { id: 'accuracy', value: 0.75, reason: null },
    {
      id: 'log-loss',
      value: null,
      reason: 'it takes a probability a label, and the model puts out labels alone',
      interval: null,
    },
  ]);
  const predictions = result.predictions as ClassificationPredictions;
  expect(await decodePredictions(encodePredictions(predictions), 'here')).toEqual({
    ...predictions,
    ids: textsOf(predictions.ids),
  });
  const variant = { ...predictions, predicted: Int32Array.of(0, 1, 1, 0) };
  const margin = { kind: 'absolute', value: 0.1 } as const;
  const pair = { baseline: predictions, variant, margin, alpha: 0.05, seed: 1 };
  const compare = (id: string) => comparePredictions({ ...pair, metric: taskMetric(id, 'classification') });
  expect(compare('accuracy')).toMatchObject({ difference: 0.25 });
  expect(compare('log-loss')).toBeNull();
  expect(outputDistance(predictions, variant, 0.95).distanceReason).toContain('labels alone');
});

test('a model whose classes are the other way about is scored as it is, and doubted with what its labels would have to mean', async () => {
  const rows = Array.from({ length: 300 }, (_, row) => (row % 3 === 0 ? '0.75,0.25,n' : '0.25,0.75,y'));
  const many = `no,yes,answer\n${rows.join('\n')}\n${rows.join('\n')}\n`;
  const swapped = { ...task, labels: ['yes', 'no'] };
  const asItIs = await evaluate({ ...evaluation, data: many, model: twoOutputs });
  const result = await evaluate({ ...evaluation, data: many, model: twoOutputs, task: swapped });
  expect(asItIs.doubts).toEqual([]);
  expect(valuesOf(result).accuracy).toBe(0);
  expect(result.doubts).toEqual([
    {
      code: 'label-order',
      detail: '100.0 % of 300 samples would be right if "no" meant "yes" and "yes" meant "no"; 0.0 % are.',
      advice:
        'give the classes of the model in its own order as `labels` of the task, and see whether it counts them from 1',
    },
  ]);
});
