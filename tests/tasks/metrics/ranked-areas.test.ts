import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BinaryScores } from '../../../tasks/metrics/binary-scores.ts';
import { overLabels, overPairs } from '../../../tasks/metrics/label-scores.ts';
import { averagePrecision, rocAuc } from '../../../tasks/metrics/roc.ts';
import { manyNumbers } from '../many-numbers.ts';
import { holds } from './holds.ts';

const flagged = fc.tuple(manyNumbers, fc.integer({ min: 1, max: 7 })).map(([scores, every]) => {
  const isPositive = Uint8Array.from(scores, (_, i) => Number((i * i) % 11 < every));
  return { scores, isPositive };
});

/** The same with weights, which are added up in another way. */
function weighing(given: BinaryScores, rows: number): BinaryScores {
  return { ...given, sampleWeights: new Float64Array(rows).fill(1) };
}

test('areas of samples that weigh 1 are those of samples without weights, to the last bit', () => {
  holds(
    fc.property(flagged, (given) => {
      const weighted = weighing(given, given.scores.length);
      expect(rocAuc(given)).toBe(rocAuc(weighted));
      expect(averagePrecision(given)).toBe(averagePrecision(weighted));
    }),
  );
});

test('so are those up to a false positive rate, but for rounding', () => {
  holds(
    fc.property(flagged, fc.double({ min: 1e-4, max: 1, noNaN: true }), (given, maxFalsePositiveRate) => {
      const weighted = weighing(given, given.scores.length);
      const area = rocAuc(given, { maxFalsePositiveRate });
      if (Number.isNaN(area)) expect(rocAuc(weighted, { maxFalsePositiveRate })).toBeNaN();
      else expect(area).toBeCloseTo(rocAuc(weighted, { maxFalsePositiveRate }), 11);
    }),
  );
});

/** Each class against the rest and against each other, of a table that is taken apart here. */
const classes = fc.tuple(manyNumbers, fc.integer({ min: 2, max: 5 })).map(([numbers, labels]) => {
  const rows = Math.floor(numbers.length / labels);
  const scores = numbers.slice(0, rows * labels);
  return { labels, scores, expected: Int32Array.from({ length: rows }, (_, row) => (row * row) % labels) };
});

function questionOf(
  { labels, scores, expected }: { labels: number; scores: Float64Array; expected: Int32Array },
  [positive, negatives]: readonly [number, readonly number[]],
): BinaryScores {
  const rows = [...expected.keys()].filter((row) => [positive, ...negatives].includes(expected[row] ?? -1));
  return {
    scores: Float64Array.from(rows, (row) => scores[row * labels + positive] ?? NaN),
    isPositive: Uint8Array.from(rows, (row) => Number(expected[row] === positive)),
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

test('classes are scored in the table as in columns of their own', () => {
  holds(
    fc.property(classes, (given) => {
      const all = Array.from({ length: given.labels }, (_, label) => label);
      const against = all.map((label) => averagePrecision(questionOf(given, [label, all])));
      expect(overLabels(given, averagePrecision, 'macro')).toBe(meanOf(against));
      const present = all.filter((label) => given.expected.includes(label));
      const pairs = present.flatMap((a, i) => present.slice(i + 1).map((b) => [a, b] as const));
      const areas = pairs.map(
        ([a, b]) => (rocAuc(questionOf(given, [a, [b]])) + rocAuc(questionOf(given, [b, [a]]))) / 2,
      );
      expect(overPairs(given, rocAuc, 'macro')).toEqual(meanOf(areas));
    }),
  );
});

test('a class is scored as the flags of its rows, and all cells as flags of classes', () => {
  holds(
    fc.property(classes, ({ labels, scores, expected }) => {
      const flags = Uint8Array.from(scores, (_, cell) =>
        Number(expected[Math.floor(cell / labels)] === cell % labels),
      );
      for (const average of ['macro', 'weighted', 'micro'] as const) {
        const byClass = overLabels({ labels, scores, expected }, averagePrecision, average);
        expect(byClass).toBe(overLabels({ labels, scores, flags }, averagePrecision, average));
      }
    }),
  );
});
