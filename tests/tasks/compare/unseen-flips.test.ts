import { expect, test } from 'vitest';
import { tangoInterval } from '../../../core/statistics/tango.ts';
import { stepEffect } from '../../../tasks/compare/step-effect.ts';
import { allowForUnseenFlips } from '../../../tasks/compare/unseen-flips.ts';
import type { Predictions } from '../../../tasks/predictions.ts';
import { drawClasses, drawTexts } from './draw-predictions.ts';
import { taskMetric } from './task-metrics.ts';

const effectOf = (id: string, predictions: Predictions): number =>
  stepEffect(taskMetric(id, predictions.kind), predictions);

test('where nothing flipped the room left is that of the score interval', () => {
  const point = { low: 0, high: 0, level: 0.95, method: 'bootstrap' };
  for (const samples of [50, 200, 1000]) {
    const { high } = allowForUnseenFlips({ interval: point, estimate: 0, step: 1 / samples });
    const tango = tangoInterval({ n: samples, onlyBaseline: 0, onlyVariant: 0 }, 0.95);
    expect(high / tango.high).toBeGreaterThan(1);
    expect(high / tango.high).toBeLessThan(1.08);
  }
});

test('where many flipped the room hardly matters', () => {
  const wide = { low: -0.1, high: 0.3, level: 0.95, method: 'bootstrap' };
  const widened = allowForUnseenFlips({ interval: wide, estimate: 0.1, step: 1 / 5000 });
  expect(widened.low).toBeCloseTo(-0.1, 2);
  expect(widened.high).toBeCloseTo(0.3, 2);
  expect(widened.method).toBe('bootstrap with unseen flips');
});

test('a flip counts one sample in accuracy, and about one in F1 over balanced classes', () => {
  const predictions = drawClasses({ samples: 300, noise: 0 });
  expect(effectOf('accuracy', predictions)).toBeCloseTo(1, 10);
  expect(effectOf('f1-micro', predictions)).toBeCloseTo(1, 10);
  expect(effectOf('f1-macro', predictions)).toBeGreaterThan(0.8);
  expect(effectOf('f1-macro', predictions)).toBeLessThan(1.3);
});

test('the effect of another text is that of scoring it anew', () => {
  const texts = drawTexts({ samples: 12, noise: 0 });
  const exact = effectOf('exact-match', { ...texts, generated: texts.references });
  expect(exact).toBeCloseTo(1, 10);
  expect(effectOf('bleu', texts)).toBeGreaterThan(10);
});

test('a swap of ranks moves an area about as much as a flip moves accuracy, on many samples as on some', () => {
  const [few, many] = [300, 3000].map((samples) =>
    effectOf('roc-auc', drawClasses({ samples, noise: 0, classes: 2 })),
  );
  expect(few).toBeGreaterThan(0.3);
  expect(few).toBeLessThan(1.5);
  expect((many ?? NaN) / (few ?? NaN)).toBeGreaterThan(0.7);
  expect((many ?? NaN) / (few ?? NaN)).toBeLessThan(1.4);
});
