import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { roundingShare } from '../../../tasks/metrics/regression-doubts.ts';
import type { Predictions } from '../../../tasks/predictions.ts';
import {
  cases,
  classification,
  figure,
  generation,
  manyClasses,
  manySets,
  multilabel,
  ranking,
  regression,
  tagging,
} from './examples.ts';

test.each(
  cases([
    [
      'a constant target',
      'r2',
      { ...regression, expected: new Float64Array(5).fill(0.1) },
      /all alike, so there is no spread/,
    ],
    [
      'a target that varies by less than the oracle answers for',
      'r2',
      { ...regression, expected: Float64Array.of(100, 100, 100, 100, 100 + 1e-5) },
      /all alike, so there is no spread/,
    ],
    [
      'a target of 0',
      'mape',
      { ...regression, expected: Float64Array.of(1, 0, 3, 0, 5) },
      /error of samples "b", "d" is divided by 2\^-52/,
    ],
    [
      'rows that do not sum to 1',
      'brier',
      { ...classification, probabilities: Float64Array.of(0.9, 0.1, 0.2, 0.3, 0.7, 0.3, 0.4, 0.6, 0.6, 0.4) },
      /should sum to 1 .* not so for sample "b"/,
    ],
    ...['brier', 'log-loss', 'ece', 'top-k-accuracy@1', 'average-precision', 'roc-auc', 'roc-auc-ovo'].map(
      (id): [string, string, Predictions, RegExp] => [
        `${id} of three labels that do not sum to 1`,
        id,
        {
          ...classification,
          labels: ['no', 'yes', 'maybe'],
          expected: Int32Array.of(0, 1, 2, 1, 1),
          probabilities: new Float64Array(15)
            .fill(0.5, 3, 9)
            .fill(1 / 3, 0, 3)
            .fill(1 / 3, 9),
        },
        /should sum to 1 .* not so for samples "b", "c"$/m,
      ],
    ),
    [
      'a certain mistake',
      'log-loss',
      { ...classification, probabilities: Float64Array.of(0, 1, 0.2, 0.8, 0.7, 0.3, 0.4, 0.6, 0.6, 0.4) },
      /a probability below 2\^-52 in sample "a"/,
    ],
    [
      'a mistake as good as certain',
      'log-loss',
      { ...classification, probabilities: Float64Array.of(1e-20, 1, 0.2, 0.8, 0.7, 0.3, 0.4, 0.6, 0.6, 0.4) },
      /a probability below 2\^-52 in sample "a", which counts as .* 36\.04/,
    ],
    ...['roc-auc', 'roc-auc-ovo', 'recall-macro', 'f1-macro', 'balanced-accuracy', 'mcc', 'cohen-kappa'].map(
      (id): [string, string, Predictions, RegExp] => [
        `${id} of 2 samples of a label`,
        id,
        classification,
        /fewer than 3 samples are of label "no", and each of them decides the figure/,
      ],
    ),
    ...['average-precision', 'f1-binary', 'recall-binary', 'jaccard-binary'].map(
      (id): [string, string, Predictions, RegExp] => [
        `${id} of 1 positive`,
        id,
        { ...classification, expected: Int32Array.of(0, 1, 0, 0, 0) },
        /fewer than 3 samples are of label "yes", and each of them decides the figure/,
      ],
    ),
    ...['precision-binary', 'f1-binary', 'recall-binary'].map((id): [string, string, Predictions, RegExp] => [
      `${id} without a positive`,
      id,
      { ...classification, expected: new Int32Array(5) },
      /none of the 5 samples is of label "yes"/,
    ]),
    [
      'a rate of fewer negatives than there are',
      'roc-auc-partial@0.1',
      manyClasses,
      /rate of 0\.1 is fewer than 3 of the 20 samples of "no"/,
    ],
    [
      'an agreement that chance explains',
      'cohen-kappa',
      { ...manyClasses, weights: manyClasses.weights.with(0, 1e9) },
      /all weight is on one expected and one predicted label: chance alone agrees/,
    ],
    [
      'fewer samples than fill the bins',
      'ece',
      classification,
      /5 samples are fewer than 10 a bin, and chance alone makes an error/,
    ],
    [
      'a label that so few samples have',
      'roc-auc-macro',
      multilabel,
      /fewer than 3 samples are of labels "x", "y".*\n.*fewer than 3 samples are without labels "x", "y"/,
    ],
    [
      'a label that no sample has',
      'average-precision-macro',
      { ...multilabel, expected: Uint8Array.of(1, 0, 1, 0) },
      /no sample is of label "y", whose average precision counts as 0/,
    ],
    ...['average-precision-micro', 'average-precision-weighted'].map(
      (id): [string, string, Predictions, RegExp] => [
        `${id} without positives`,
        id,
        { ...multilabel, expected: new Uint8Array(4) },
        /no label applies to any sample, so it counts as 0/,
      ],
    ),
    [
      'a sample without labels',
      'average-precision-samples',
      { ...multilabel, expected: Uint8Array.of(1, 0, 0, 0) },
      /no label applies to sample "b", whose average precision counts as 0/,
    ],
    [
      'nothing to find in any set',
      'f1-micro',
      { ...multilabel, expected: new Uint8Array(4), predicted: new Uint8Array(4) },
      /its denominator is 0, so it counts as 0/,
    ],
    ...['mrr', 'map@2', 'recall@1', 'hit-rate@1'].map((id): [string, string, Predictions, RegExp] => [
      `${id} of equal scores`,
      id,
      { ...ranking, scores: Float64Array.of(1, 1, 3, 4) },
      /which of equal scores ranks first decides sample "a"/,
    ]),
    [
      'an answer of articles alone',
      'squad-f1',
      { ...generation, generated: ['the', 'a dog'], references: ['The', 'the dog'] },
      /no word is left of the reference of sample "a" once it is normalised/,
    ],
    [
      'no positive',
      'average-precision',
      { ...classification, expected: new Int32Array(5) },
      /no sample is of label "yes", whose average precision counts as 0/,
    ],
    [
      'a label that is never predicted',
      'precision-macro',
      { ...classification, predicted: new Int32Array(5) },
      /score of label "yes" has a denominator of 0/,
    ],
    [
      'a prediction that is always the same',
      'mcc',
      { ...classification, predicted: new Int32Array(5) },
      /0 by convention/,
    ],
    [
      'more labels asked for than there are',
      'top-k-accuracy@2',
      classification,
      /1 whatever is predicted: there are 2 labels/,
    ],
    [
      'a label that is predicted and never expected',
      'balanced-accuracy',
      { ...classification, expected: new Int32Array(5) },
      /"yes" is predicted and never expected/,
    ],
    [
      'a query without relevant candidates',
      'mrr',
      { ...ranking, gains: Float64Array.of(0, 1, 0, 0) },
      /no candidate is relevant in sample "b"/,
    ],
    [
      'texts without a common 4-gram',
      'bleu',
      { ...generation, generated: ['the cat', 'a dog'] },
      /no 3-grams and no 4-grams match, so smoothing decides/,
    ],
    [
      'a text in another script',
      'rouge-1',
      { ...generation, references: ['猫が座る', 'the dog'] },
      /reference of sample "a" has no word/,
    ],
    [
      'a reference of one word',
      'rouge-2',
      { ...generation, references: ['the cat', 'dog!'] },
      /reference of sample "b" has no pair of words and scores 0/,
    ],
    [
      'a reference that is empty',
      'wer',
      { ...generation, references: ['the cat', ''] },
      /reference of sample "b" is empty/,
    ],
    [
      'a type that is never predicted',
      'entity-precision-macro',
      { ...tagging, predicted: [['O', 'O'], ['O']] },
      /score of label "X" has a denominator of 0/,
    ],
  ]),
)('$what gives a value with a doubt', ({ id, given, saying: doubt }) => {
  const { value, doubts } = figure(id, given);
  expect(value).not.toBeNull();
  expect(doubts.join('\n')).toMatch(doubt);
});

test('a single visible value among many alike is no spread, and doubted as the oracle leaves it out', () => {
  const many = 10_000;
  const ids = Array.from({ length: many }, (_, index) => `s${index}`);
  const expected = new Float64Array(many).fill(1).with(5, 1 + 5e-6);
  const given: Predictions = { kind: 'regression', ids, expected, predicted: new Float64Array(many) };
  expect(figure('r2', given).doubts).toHaveLength(1);
  expect(figure('r2', { ...given, expected: expected.with(5, 1 + 5e-5) }).doubts).toEqual([]);
});

test('what counts as no spread is one share here and in the oracle', () => {
  const oracle = readFileSync(new URL('../../oracle/metrics/regression.py', import.meta.url), 'utf8');
  expect(Number(/^SPREAD_SHARE = (.+)$/m.exec(oracle)?.[1])).toBe(roundingShare);
});

test('sound data gives values without doubts', () => {
  const sound: [string, Predictions][] = [
    ['r2', regression],
    ['mape', regression],
    ['log-loss', classification],
    ['f1-macro', manyClasses],
    ['mcc', manyClasses],
    ['cohen-kappa', manyClasses],
    ['balanced-accuracy', manyClasses],
    ['recall-binary', manyClasses],
    ['roc-auc', manyClasses],
    ['roc-auc-partial@0.2', manyClasses],
    ['average-precision', manyClasses],
    ['ece@4', manyClasses],
    ['lrap', multilabel],
    ['roc-auc-macro', manySets],
    ['average-precision-macro', manySets],
    ['f1-micro', multilabel],
    ['ndcg', { ...ranking, scores: Float64Array.of(1, 1, 3, 4) }],
    ['mrr', ranking],
    ['recall@2', { ...ranking, scores: Float64Array.of(1, 1, 3, 4) }],
    ['squad-f1', generation],
    ['wer', generation],
    ['perplexity', generation],
    ['tag-accuracy', tagging],
  ];
  for (const [id, given] of sound) expect(figure(id, given)).toMatchObject({ reason: null, doubts: [] });
});
