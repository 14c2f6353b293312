import { expect, test } from 'vitest';
import type { LaneTask } from '../../../runners/pool/lane-task.ts';
import { ownThread } from '../../../runners/pool/own-thread.ts';
import { scoreInLanes } from '../../../runners/pool/score-in-lanes.ts';
import { startThreadLanes } from '../../../runners/pool/thread-lanes.ts';
import { scorePredictions } from '../../../runners/score-predictions.ts';
import { drawClasses, drawTexts, drawValues } from '../../tasks/compare/draw-predictions.ts';

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

test('distributions of the next token, which no metric reads, are not passed to threads', async () => {
  const asked: LaneTask[] = [];
  const lanes: typeof ownThread = {
    count: 2,
    run: (task, resident) => {
      asked.push(task(0));
      return ownThread.run(task, resident);
    },
  };
  const kept = { positions: Int32Array.of(0), logProbabilities: Float32Array.of(-1, -1) };
  const nextTokens = { vocabulary: 2, samples: [kept, null, null] };
  const predictions = { ...drawTexts({ samples: 3, noise: 0 }), nextTokens };
  const { metrics } = await scoreInLanes({ predictions, metrics: ['perplexity', 'cer'], ...settings }, lanes);
  expect(metrics.map(({ value }) => value)).not.toContain(null);
  expect(asked).toHaveLength(2);
  for (const task of asked)
    expect('predictions' in task && Object.keys(task.predictions)).not.toContain('nextTokens');
  expect(predictions.nextTokens).toBe(nextTokens);
});
