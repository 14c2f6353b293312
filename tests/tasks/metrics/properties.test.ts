import fc from 'fast-check';
import { expect, test } from 'vitest';
import { descendingOrder } from '../../../tasks/metrics/descending-order.ts';
import { clippedMatches } from '../../../tasks/metrics/ngrams.ts';
import { radixSort } from '../../../tasks/metrics/radix-sort.ts';
import { metricById, metricIds } from '../../../tasks/metrics/registry.ts';
import { medianAbsoluteError } from '../../../tasks/metrics/regression.ts';
import { averagePrecision, rocAuc } from '../../../tasks/metrics/roc.ts';
import { sumOf } from '../../../tasks/metrics/sum.ts';
import { differenceOf, tolerance } from '../../oracle/metrics/difference.ts';
import type {
  ClassificationPredictions,
  GenerationPredictions,
  RegressionPredictions,
  ScorableKind,
  ScorablePredictions,
} from '../../../tasks/predictions.ts';

const seed = 20_240;
const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });
const arrayOf = (length: number) => fc.array(finite, { minLength: length, maxLength: length });

function holds<Values extends [unknown, ...unknown[]]>(property: fc.IPropertyWithHooks<Values>): void {
  fc.assert(property, { seed, numRuns: 200 });
}

const regressions = fc
  .integer({ min: 2, max: 30 })
  .chain((rows) => fc.tuple(arrayOf(rows), arrayOf(rows)))
  .map(([expected, predicted]): RegressionPredictions => ({
    kind: 'regression',
    ids: expected.map((_, sample) => `s${sample}`),
    expected: Float64Array.from(expected),
    predicted: Float64Array.from(predicted),
  }));

const classifications = fc
  .tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 1, max: 30 }))
  .chain(([classes, rows]) =>
    fc.record({
      expected: fc.array(fc.nat(classes - 1), { minLength: rows, maxLength: rows }),
      odds: fc.array(fc.integer({ min: 1, max: 9 }), {
        minLength: rows * classes,
        maxLength: rows * classes,
      }),
      classes: fc.constant(classes),
    }),
  )
  .map(({ expected, odds, classes }) => classification(expected, odds, classes));

function classification(expected: number[], odds: number[], classes: number): ClassificationPredictions {
  const rows = expected.map((_, row) => odds.slice(row * classes, (row + 1) * classes));
  return {
    kind: 'classification',
    ids: expected.map((_, sample) => `s${sample}`),
    labels: Array.from({ length: classes }, (_, label) => `label ${label}`),
    expected: Int32Array.from(expected),
    predicted: Int32Array.from(rows, (row) => row.indexOf(Math.max(...row))),
    probabilities: Float64Array.from(
      rows.flatMap((row) => row.map((odd) => odd / row.reduce((a, b) => a + b))),
    ),
  };
}

const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'the', 'é', '😀'), { maxLength: 9 });
const line = words.map((tokens) => tokens.join(' '));

const generations = fc
  .array(fc.tuple(line, line), { minLength: 1, maxLength: 6 })
  .map((pairs): GenerationPredictions => ({
    kind: 'generation',
    ids: pairs.map((_, sample) => `s${sample}`),
    negativeLogLikelihood: Float64Array.from(pairs, ([text]) => text.length / 7),
    tokens: Int32Array.from(pairs, ([, reference]) => 1 + reference.length),
    utf8Bytes: Int32Array.from(pairs, () => 5),
    floorNegativeLogLikelihood: null,
    generated: pairs.map(([text]) => text),
    references: pairs.map(([, reference]) => reference),
  }));

/** Likelihoods that play no part where texts are compared. */
const anyTexts: GenerationPredictions = {
  kind: 'generation',
  ids: [],
  negativeLogLikelihood: new Float64Array(),
  tokens: new Int32Array(),
  floorNegativeLogLikelihood: null,
  generated: [],
  references: [],
};

const scorable: [ScorableKind, fc.Arbitrary<ScorablePredictions>][] = [
  ['regression', regressions],
  ['classification', classifications],
  ['generation', generations],
];

function plainIds(kind: ScorableKind): string[] {
  return metricIds(kind).filter((id) => !id.includes('@'));
}

test.each(scorable)('a %s figure is within its range, or there is a reason', (kind, arbitrary) => {
  const metrics = plainIds(kind).map((id) => metricById(id, kind));
  holds(
    fc.property(arbitrary, (given) => {
      for (const metric of metrics) {
        const { id, range } = metric;
        const { value, reason } = metric.compute(given);
        if (value === null) expect(reason, id).not.toBe('');
        else expect(value >= range[0] - 1e-9 && value <= range[1] + 1e-9, `${id} ${value}`).toBe(true);
      }
    }),
  );
});

test.each(scorable)('the mean of %s sample scores is the metric', (kind, arbitrary) => {
  const metrics = plainIds(kind).map((id) => metricById(id, kind));
  holds(
    fc.property(arbitrary, (given) => {
      for (const metric of metrics) {
        const { value } = metric.compute(given);
        const scores = metric.sampleScores?.(given);
        if (value === null || scores === undefined) continue;
        expect(scores.length).toBe(given.ids.length);
        expect(differenceOf(sumOf(scores) / scores.length, value), metric.id).toBeLessThan(tolerance);
      }
    }),
  );
});

test.each(scorable.slice(0, 2))('weighing every %s sample by 3 changes nothing', (kind, arbitrary) => {
  const metrics = plainIds(kind)
    .filter((id) => !id.startsWith('roc-auc-ovo'))
    .map((id) => metricById(id, kind));
  holds(
    fc.property(arbitrary, (given) => {
      const weighted = { ...given, weights: new Float64Array(given.ids.length).fill(3) };
      for (const metric of metrics) {
        const { id } = metric;
        const [plain, same] = [metric.compute(given).value, metric.compute(weighted).value];
        if (plain === null) expect(same, id).toBeNull();
        else expect(Math.abs((same ?? NaN) - plain) / Math.max(1, Math.abs(plain)), id).toBeLessThan(1e-9);
      }
    }),
  );
});

test('micro F1, micro precision and micro recall over all labels are the accuracy', () => {
  holds(
    fc.property(classifications, (given) => {
      const value = (id: string) => metricById(id, 'classification').compute(given).value;
      for (const id of ['f1-micro', 'precision-micro', 'recall-micro'])
        expect(value(id)).toBeCloseTo(value('accuracy') ?? NaN, 12);
    }),
  );
});

const binary = fc
  .array(fc.tuple(fc.boolean(), fc.integer({ min: -5, max: 5 })), { minLength: 2, maxLength: 60 })
  .map((rows) => ({
    isPositive: Uint8Array.from(rows, ([flag]) => Number(flag)),
    scores: Float64Array.from(rows, ([, score]) => score),
  }));

test('the ROC AUC is the share of pairs in the right order, ties half', () => {
  holds(
    fc.property(binary, ({ isPositive, scores }) => {
      const of = (flag: number) => [...scores].filter((_, index) => isPositive[index] === flag);
      const pairs = of(1).flatMap((high) => of(0).map((low) => (high > low ? 1 : high === low ? 0.5 : 0)));
      const area = rocAuc({ isPositive, scores });
      if (pairs.length === 0) expect(area).toBeNaN();
      else expect(area).toBeCloseTo(pairs.reduce((sum: number, pair) => sum + pair, 0) / pairs.length, 12);
    }),
  );
});

test('turning the scores round turns the ROC AUC round, and stretching them changes neither area', () => {
  holds(
    fc.property(binary, (given) => {
      const area = rocAuc(given);
      const turned = { ...given, scores: given.scores.map((score) => -score) };
      const stretched = { ...given, scores: given.scores.map((score) => score ** 3 + 7) };
      if (Number.isNaN(area)) return;
      expect(rocAuc(turned)).toBeCloseTo(1 - area, 12);
      expect(rocAuc(stretched)).toBeCloseTo(area, 12);
      expect(averagePrecision(stretched)).toBeCloseTo(averagePrecision(given), 12);
    }),
  );
});

test('a text is its own perfect translation', () => {
  const ids = ['bleu', 'chrf', 'chrf++', 'ter', 'rouge-l', 'exact-match', 'squad-exact-match', 'wer', 'cer'];
  const perfect: Record<string, number> = {
    bleu: 100,
    chrf: 100,
    'chrf++': 100,
    'squad-exact-match': 100,
    ter: 0,
    wer: 0,
    cer: 0,
  };
  const long = words.map((tokens) => ['one', 'two', 'three', 'four', ...tokens].join(' '));
  holds(
    fc.property(fc.array(long, { minLength: 1, maxLength: 4 }), (texts) => {
      const own = { ...anyTexts, ids: texts, generated: texts, references: texts };
      for (const id of ids)
        expect(metricById(id, 'generation').compute(own).value, id).toBeCloseTo(perfect[id] ?? 1, 9);
    }),
  );
});

test('word edits are as far one way as the other', () => {
  holds(
    fc.property(words, words, (text, reference) => {
      const edits = (generated: string[], target: string[]): number => {
        const pair = {
          ...anyTexts,
          ids: ['s'],
          generated: [generated.join(' ')],
          references: [target.join(' ')],
        };
        return (metricById('wer', 'generation').compute(pair).value ?? NaN) * target.length;
      };
      if (text.length === 0 || reference.length === 0) return;
      expect(edits(text, reference)).toBeCloseTo(edits(reference, text), 9);
    }),
  );
});

const manyNumbers = fc
  .tuple(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 7 }), fc.integer())
  .map(([count, kind, start]) =>
    Float64Array.from({ length: count }, (_, i) => {
      const wild = Math.sin(start + i) * 1e4;
      return (
        [
          wild,
          Math.floor(wild) % 5,
          -Math.abs(wild),
          Math.fround(wild),
          10 ** (wild / 100),
          i % 2 ? -0 : 0,
          1,
        ][kind - 1] ?? 0
      );
    }),
  );

test('the radix sort gives what a comparison sort gives', () => {
  holds(
    fc.property(manyNumbers, (numbers) => {
      const expected = numbers.slice().sort();
      expect(radixSort(numbers.slice()).every((value, index) => value === expected[index])).toBe(true);
    }),
  );
});

test('the order by score is descending and keeps equal scores in their own order', () => {
  holds(
    fc.property(manyNumbers, (scores) => {
      const expected = Uint32Array.from(scores.keys()).sort(
        (a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b,
      );
      expect(descendingOrder(scores)).toEqual(expected);
    }),
  );
});

test.each([
  ['smooth', (i: number) => Math.abs(Math.sin(i))],
  ['sorted', (i: number) => i],
  ['tied', (i: number) => i % 3],
  ['periodic with the sample', (i: number) => (i % 61 === 0 ? 1e9 : i)],
  ['constant', () => 2],
])('the median of many %s errors is that of all of them', (_, errorAt) => {
  for (const count of [70_001, 100_000]) {
    const errors = Float64Array.from({ length: count }, (__, i) => errorAt(i));
    const sorted = errors.slice().sort();
    const median = ((sorted[(count - 1) >>> 1] ?? NaN) + (sorted[count >>> 1] ?? NaN)) / 2;
    expect(medianAbsoluteError(errors, new Float64Array(count))).toBe(median);
  }
});

test('a sum of a million numbers loses less than one part in 10^13', () => {
  expect(Math.abs(sumOf(new Float64Array(1_000_000).fill(0.1)) - 100_000)).toBeLessThan(1e-8);
});

test('clipped matches count an n-gram as often as the reference that has it most', () => {
  const counted = clippedMatches(Int32Array.of(0, 0, 0, 1), [Int32Array.of(0, 0, 2), Int32Array.of(1, 0)], 3);
  expect(counted).toEqual([3, 1, 0]);
});
