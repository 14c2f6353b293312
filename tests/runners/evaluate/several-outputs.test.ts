import { expect, test } from 'vitest';
import { textsOf } from '../../../core/ids.ts';
import { comparePredictions } from '../../../tasks/compare/compare-predictions.ts';
import { outputDistance } from '../../../tasks/compare/output-distance.ts';
import { decodePredictions, encodePredictions } from '../../../tasks/predictions-parquet.ts';
import type { RegressionPredictions } from '../../../tasks/predictions.ts';
import { taskMetric } from '../../tasks/compare/task-metrics.ts';
import { columnsInput, echo, evaluate, valuesOf } from './evaluation.ts';

/** Errors of 1, 2 in x, and of 0, 4 in y. */
const data = 'a,b,x,y\n1,2,2,2\n3,4,5,8\n';
const manifest = {
  ...columnsInput('a', 'b'),
  target: { kind: 'value', columns: ['x', 'y'], unit: 'm' },
};
const evaluation = { data, manifest, model: echo(2), task: { kind: 'regression' } } as const;

test('a model of several outputs is scored over all of them, through the model, the file and back', async () => {
  const result = await evaluate({
    ...evaluation,
    metrics: ['mse', 'mae', 'rmse', 'max-error', 'mse?output=y', 'max-error?output=y'],
  });
  expect(valuesOf(result)).toEqual({
    mse: (2.5 + 8) / 2,
    mae: (1.5 + 2) / 2,
    rmse: (Math.sqrt(2.5) + Math.sqrt(8)) / 2,
    'max-error': null,
    'mse?output=y': 8,
    'max-error?output=y': 4,
  });
  const predictions = result.predictions as RegressionPredictions;
  expect(predictions).toMatchObject({
    outputs: 2,
    names: ['x', 'y'],
    predicted: Float64Array.of(1, 2, 3, 4),
  });
  expect(await decodePredictions(encodePredictions(predictions), 'here')).toEqual({
    ...predictions,
    ids: textsOf(predictions.ids),
  });
});

test('variants of several outputs are compared with their baseline', async () => {
  const many = Array.from({ length: 40 }, (_, row) => `${row},${row % 7},${row + 1},${(row % 7) - 1}`);
  const { predictions } = await evaluate({
    ...evaluation,
    ...{ data: `a,b,x,y\n${many.join('\n')}\n`, metrics: ['mse'] },
  });
  const baseline = predictions as RegressionPredictions;
  // Every second row comes nearer in y, whose baseline is too high by 1 throughout.
  const variant = {
    ...baseline,
    predicted: baseline.predicted.map((value, cell) => value - Number(cell % 4 === 1)),
  };
  const metric = taskMetric('mse', 'regression');
  const margin = { kind: 'absolute', value: 1 } as const;
  const compared = comparePredictions({ metric, baseline, variant, margin, alpha: 0.05, seed: 1 });
  expect(compared).toMatchObject({ baseline: 1, variant: 0.75, verdict: 'improved' });
  expect(outputDistance(baseline, variant, 0.95).distance).toEqual({
    kind: 'regression',
    values: { mean: 0.25, rootMeanSquare: 0.5, max: 1 },
  });
});

test('a model with another number of outputs is refused with what is accepted', async () => {
  await expect(
    evaluate({ ...evaluation, model: echo(2), manifest: { ...manifest, ...oneTarget }, metrics: ['mse'] }),
  ).rejects.toThrow('the output "y" (float32 [2, 2]) does not fit; accepted: float [batch, 1] for x');
});

const oneTarget = { target: { kind: 'value', column: 'x', unit: 'm' } };

test.each([
  [{ kind: 'value', unit: 'm' }, /expected either "column" or "columns"/],
  [{ kind: 'value', unit: 'm', column: 'x', columns: ['y'] }, /expected either "column" or "columns"/],
  [{ kind: 'value', unit: 'm', columns: ['x', 'x'] }, /a column is there twice/],
  [{ kind: 'value', unit: 'm', columns: ['x', 'z'] }, /has no column "z"/],
])('a target of %j is refused', async (target, message) => {
  await expect(
    evaluate({ ...evaluation, manifest: { ...manifest, target }, metrics: ['mse'] }),
  ).rejects.toThrow(message);
});
