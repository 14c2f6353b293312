import { textsOf } from '../../../core/ids.ts';
import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import type { EqualityTest } from '../../../tasks/compare/comparison.ts';
import { equalityTest } from '../../../tasks/compare/equality-test.ts';
import type { Pair } from '../../../tasks/compare/pair.ts';
import { samplingOf } from '../../../tasks/compare/sampling.ts';
import { swappedDifference } from '../../../tasks/compare/swapped-difference.ts';
import { kindOf } from '../../../tasks/compare/kinds/registry.ts';
import type { Predictions } from '../../../tasks/predictions.ts';
import { drawClasses, drawSets, drawTags, drawTexts, drawValues } from './draw-predictions.ts';
import { taskMetric } from './task-metrics.ts';

function pairOf(id: string, baseline: Predictions, variant: Predictions): Pair {
  const metric = taskMetric(id, baseline.kind);
  const valueOf = (one: Predictions): number => metric.compute(one).value ?? NaN;
  const margin = { kind: 'absolute', value: 0 } as const;
  const values = { before: valueOf(baseline), after: valueOf(variant) };
  return { metric, baseline, variant, values, margin, seed: 1 };
}

const testOf = (id: string, baseline: Predictions, variant: Predictions): EqualityTest | null =>
  equalityTest(pairOf(id, baseline, variant));

const classes = [0, 0.5].map((noise) => drawClasses({ samples: 200, noise, classes: 2 })) as [
  Predictions,
  Predictions,
];
const texts = [0, 0.5].map((noise) => drawTexts({ samples: 100, noise })) as [Predictions, Predictions];
const values = [0, 0.5].map((noise) => drawValues({ samples: 100, noise })) as [Predictions, Predictions];

const sets = [0, 0.5].map((noise) => drawSets({ samples: 100, noise })) as [Predictions, Predictions];
const tags = [0, 0.5].map((noise) => drawTags({ samples: 100, noise })) as [Predictions, Predictions];

/** Two classes, 15 samples lost and 5 gained of 1000. */
function flipped(): [Predictions, Predictions] {
  const ids = Array.from({ length: 1000 }, (_, sample) => `s${sample}`);
  const of = (isRight: (sample: number) => boolean): Predictions => ({
    ...{ kind: 'classification', ids, labels: ['a', 'b'], expected: new Int32Array(1000) },
    predicted: Int32Array.from(ids, (_, sample) => (isRight(sample) ? 0 : 1)),
    probabilities: Float64Array.from({ length: 2000 }, (_, cell) => (cell % 2 === 0 ? 0.9 : 0.1)),
  });
  return [of((sample) => sample < 15 || sample >= 20), of((sample) => sample >= 15)];
}

test("of hits and misses it is McNemar's, exact and mid-p", () => {
  expect(testOf('accuracy', ...flipped())).toEqual({
    name: 'mcnemar',
    p: expect.closeTo(0.0413894653, 9) as number,
    midP: expect.closeTo(0.0266036987, 9) as number,
  });
});

test.each([
  ['log-loss', classes, 'sign-flip'],
  ['mse', values, 'sign-flip'],
  ['roc-auc', classes, 'delong'],
  ['f1-macro', classes, 'approximate-randomization'],
  ['average-precision', classes, 'approximate-randomization'],
  ['r2', values, 'approximate-randomization'],
  ['bleu', texts, 'approximate-randomization'],
  ['chrf', texts, 'approximate-randomization'],
] as const)(
  'of %s it is one that fits, small where much is lost and 1 where nothing is',
  (id, pair, name) => {
    const found = testOf(id, ...pair);
    expect(found).toMatchObject({ name, midP: null });
    expect(found?.p).toBeLessThan(0.2);
    const [baseline] = pair;
    const relabelled = { ...baseline, ids: textsOf(baseline.ids) };
    expect(testOf(id, baseline, relabelled)).toBeNull();
  },
);

test.each([
  ['bleu', texts],
  ['r2', values],
  ['f1-macro', classes],
  ['f1-macro', sets],
  ['entity-f1-macro', tags],
] as const)(
  '%s of outputs that traded places is that of the mixed predictions',
  (id, [baseline, variant]) => {
    const pair = pairOf(id, baseline, variant);
    const sampling = samplingOf(baseline);
    if (sampling === null) throw new Error('one cluster');
    const { of, isQuick } = swappedDifference(pair, sampling);
    expect(isQuick).toBe(true);
    const random = createRandom(3);
    for (let repeat = 0; repeat < 5; repeat++) {
      const swapped = Uint8Array.from(textsOf(baseline.ids), () => random.below(2));
      const [first, second] = [
        kindOf(baseline).mix(baseline, variant, swapped),
        kindOf(baseline).mix(variant, baseline, swapped),
      ];
      const mixed = pairOf(id, first, second);
      expect(of(swapped)).toBeCloseTo(mixed.values.after - mixed.values.before, 10);
    }
  },
);

test('clusters trade places whole, so that repeated samples say no more', () => {
  const [few, many] = [1, 5].map((copies) => {
    const [baseline, variant] = [0, 0.5].map((noise) => {
      const once = drawClasses({ samples: 40, noise });
      const indices = Int32Array.from({ length: 40 * copies }, (_, index) => Math.floor(index / copies));
      const taken = kindOf(once).take(once, indices);
      const names = Array.from(indices, (index) => `p${index}`);
      return { ...taken, clusters: { by: 'patient', names } };
    }) as Predictions[] as [Predictions, Predictions];
    return ['accuracy', 'log-loss', 'f1-macro'].map((id) => testOf(id, baseline, variant)?.p ?? NaN);
  });
  for (const [index, p] of (few ?? []).entries()) expect(many?.[index]).toBeCloseTo(p, 6);
});

test('more samples than can be swapped in a second are not tested', () => {
  const [baseline, variant] = [0, 0.5].map((noise) => drawClasses({ samples: 2001, noise })) as [
    Predictions,
    Predictions,
  ];
  expect(testOf('average-precision', baseline, variant)).toBeNull();
  expect(testOf('mcc', baseline, variant)).not.toBeNull();
  expect(testOf('log-loss', baseline, variant)).toMatchObject({ name: 'student-t' });
});
