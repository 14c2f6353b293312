import { expect, test } from 'vitest';
import { scoreInLanes } from '../../../runners/pool/score-in-lanes.ts';
import { startThreadLanes } from '../../../runners/pool/thread-lanes.ts';
import { scorePredictions } from '../../../runners/score-predictions.ts';
import { drawClasses, drawValues } from '../../tasks/compare/draw-predictions.ts';

const settings = { level: 0.95, seed: 1 };

test('threads score predictions in the memory that they are placed in as they are scored where they were', async () => {
  const lanes = startThreadLanes(2);
  const asked = [
    {
      predictions: drawValues({ samples: 5000, noise: 0.1 }),
      metrics: ['mse', 'msle', 'median-ae', 'r2', 'max-error'],
    },
    {
      predictions: drawClasses({ samples: 5000, noise: 0.1, classes: 4 }),
      metrics: ['accuracy', 'ece', 'top-k-accuracy@2'],
    },
  ];
  for (const { predictions, metrics } of asked) {
    const scores = await scoreInLanes({ predictions, metrics, ...settings }, lanes);
    expect(scores).toEqual(scorePredictions(predictions, metrics, settings));
    expect(scores.metrics.map(({ value }) => value)).not.toContain(null);
  }
});
