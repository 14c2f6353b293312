import { expect, test } from 'vitest';
import { decodePredictions, encodePredictions } from '../../../tasks/predictions-parquet.ts';
import { columnsInput, echo, evaluate, valuesOf } from './evaluation.ts';

/** Errors of 1, 0 and 3. */
const data = 'guess,truth,weight\n2,1,1\n5,5,0\n7,4,3\n';

test('a weighted dataset gives weighted figures, through the model, the file of predictions and back', async () => {
  const result = await evaluate({
    data,
    manifest: {
      ...columnsInput('guess'),
      target: { kind: 'value', column: 'truth', unit: 'm' },
      weight: 'weight',
    },
    model: echo(1),
    task: { kind: 'regression' },
    metrics: ['mse', 'mae', 'max-error'],
  });
  expect(valuesOf(result)).toEqual({ mse: (1 + 3 * 9) / 4, mae: (1 + 3 * 3) / 4, 'max-error': 3 });
  expect(result.predictions).toMatchObject({ weights: Float64Array.of(1, 0, 3) });
  const read = await decodePredictions(encodePredictions(result.predictions), 'here');
  expect(read).toMatchObject({ weights: Float64Array.of(1, 0, 3) });
});
