import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { AssayError } from '../../../core/errors.ts';
import { roundingShare } from '../../../tasks/metrics/regression-doubts.ts';
import { metricById } from '../../../tasks/metrics/registry.ts';
import type {
  ClassificationPredictions,
  GenerationPredictions,
  MultilabelPredictions,
  RankingPredictions,
  RegressionPredictions,
  ScorableKind,
  ScorablePredictions,
  TaggingPredictions,
} from '../../../tasks/predictions.ts';

const ids = ['a', 'b', 'c', 'd', 'e'];

const regression: RegressionPredictions = {
  kind: 'regression',
  ids,
  expected: Float64Array.of(1, 2, 3, 4, 5),
  predicted: Float64Array.of(1, 2, 3, 4, 6),
};

const classification: ClassificationPredictions = {
  kind: 'classification',
  ids,
  labels: ['no', 'yes'],
  expected: Int32Array.of(0, 1, 0, 1, 1),
  predicted: Int32Array.of(0, 1, 0, 1, 0),
  probabilities: Float64Array.of(0.9, 0.1, 0.2, 0.8, 0.7, 0.3, 0.4, 0.6, 0.6, 0.4),
};

const generation: GenerationPredictions = {
  kind: 'generation',
  ids: ['a', 'b'],
  negativeLogLikelihood: Float64Array.of(3, 4),
  tokens: Int32Array.of(2, 2),
  utf8Bytes: Int32Array.of(7, 9),
  floorNegativeLogLikelihood: null,
  generated: ['the cat sat on the mat', 'a dog'],
  references: ['the cat sat on a mat', 'the dog'],
};

const multilabel: MultilabelPredictions = {
  kind: 'multilabel',
  ids: ['a', 'b'],
  labels: ['x', 'y'],
  expected: Uint8Array.of(1, 0, 0, 1),
  predicted: Uint8Array.of(1, 0, 1, 1),
  scores: Float64Array.of(2, 1, 1, 2),
};

const ranking: RankingPredictions = {
  kind: 'ranking',
  ids: ['a', 'b'],
  offsets: Int32Array.of(0, 2, 4),
  scores: Float64Array.of(1, 2, 3, 4),
  gains: Float64Array.of(0, 1, 1, 0),
};

const tagging: TaggingPredictions = {
  kind: 'tagging',
  ids: ['a', 'b'],
  expected: [['B-X', 'I-X'], ['O']],
  predicted: [['B-X', 'O'], ['O']],
};

/** Rows of what is wrong, the metric, the predictions and what is said of them. */
function cases<Saying>(rows: [what: string, id: string, given: ScorablePredictions, saying: Saying][]) {
  return rows.map(([what, id, given, saying]) => ({ what, id, given, saying }));
}

function figure(id: string, given: ScorablePredictions) {
  return metricById<ScorableKind>(id, given.kind).compute(given);
}

function errorOf(id: string, given: ScorablePredictions): string {
  try {
    figure(id, given);
  } catch (thrown) {
    if (thrown instanceof AssayError) return `${thrown.code}: ${thrown.message}`;
    throw thrown;
  }
  return 'no error';
}

test.each(
  cases([
    [
      'a short column',
      'mse',
      { ...regression, predicted: Float64Array.of(1) },
      'dataset-invalid: "predicted" holds 1 rows for 5 samples; "b" is the first without one. One row a sample is accepted.',
    ],
    [
      'a long column',
      'accuracy',
      { ...classification, expected: new Int32Array(6) },
      'dataset-invalid: "expected" holds 6 rows for 5 samples. One row a sample is accepted.',
    ],
    [
      'missing probabilities',
      'log-loss',
      { ...classification, probabilities: new Float64Array(4) },
      'dataset-invalid: "probabilities" holds 2 rows for 5 samples; "c" is the first without one. One row a sample is accepted.',
    ],
    [
      'missing weights',
      'mae',
      { ...regression, weights: Float64Array.of(1) },
      'dataset-invalid: "weights" holds 1 rows for 5 samples; "b" is the first without one. One row a sample is accepted.',
    ],
    [
      'a negative weight',
      'mae',
      { ...regression, weights: Float64Array.of(1, -1, 1, NaN, 1) },
      'dataset-invalid: Weights must be finite numbers from 0; not so for samples "b", "d".',
    ],
    [
      'an expected value that is no number',
      'mse',
      { ...regression, expected: Float64Array.of(1, NaN, 3, 4, 5) },
      'dataset-invalid: Expected values must be finite numbers; not so for sample "b".',
    ],
    [
      'an unknown expected label',
      'f1-macro',
      { ...classification, expected: Int32Array.of(0, 1, 2, 0, -1) },
      'dataset-invalid: Unknown expected label of samples "c", "e"; accepted are indices of: no, yes.',
    ],
    [
      'an unknown predicted label',
      'mcc',
      { ...classification, predicted: Int32Array.of(0, 7, 0, 0, 0) },
      'dataset-invalid: Unknown predicted label of sample "b"; accepted are indices of: no, yes.',
    ],
    [
      'a flag of 2',
      'f1-micro',
      { ...multilabel, predicted: Uint8Array.of(1, 0, 2, 1) },
      'dataset-invalid: A label is 1 where it applies and else 0; not so for sample "b".',
    ],
    [
      'a negative gain',
      'ndcg',
      { ...ranking, gains: Float64Array.of(0, 1, -1, 0) },
      'dataset-invalid: Gains must be finite numbers from 0; not so for sample "b".',
    ],
    [
      'offsets that end early',
      'mrr',
      { ...ranking, offsets: Int32Array.of(0, 2, 3) },
      'dataset-invalid: Offsets must rise from 0 to the number of candidates; found 0 to 3 for 4 scores and 4 gains.',
    ],
    [
      'a token without a predicted tag',
      'entity-f1-micro',
      { ...tagging, predicted: [['O'], ['O']] },
      'dataset-invalid: Every token takes a predicted tag; the numbers differ in sample "a".',
    ],
    [
      'an empty tag',
      'tag-accuracy',
      { ...tagging, predicted: [['O', ''], ['O']] },
      'dataset-invalid: A tag is a text such as O or B-PER; found "" in sample "a".',
    ],
    [
      'texts without references',
      'bleu',
      { ...generation, references: ['x'] },
      'dataset-invalid: "references" holds 1 rows for 2 samples; "b" is the first without one. One row a sample is accepted.',
    ],
  ]),
)('$what is an error that names the samples and what is accepted', ({ id, given, saying: message }) => {
  expect(errorOf(id, given)).toBe(message);
});

test.each(
  cases([
    [
      'NaN and infinite predictions',
      'mse',
      { ...regression, predicted: Float64Array.of(1, NaN, Infinity, -Infinity, NaN) },
      'predictions must be finite numbers; not so for samples "b", "c", "d" and 1 more',
    ],
    [
      'a NaN that sorting would hide',
      'median-ae',
      { ...regression, predicted: Float64Array.of(1, NaN, 1, 1, 1) },
      'predictions must be finite numbers; not so for sample "b"',
    ],
    [
      'a NaN that a maximum would hide',
      'max-error',
      { ...regression, predicted: Float64Array.of(1, NaN, 1, 1, 1) },
      'predictions must be finite numbers; not so for sample "b"',
    ],
    [
      'one sample',
      'r2',
      { ...regression, ids: ['a'], expected: Float64Array.of(1), predicted: Float64Array.of(1) },
      'it compares samples with their mean, which takes 2 or more; found 1',
    ],
    [
      'errors beyond the range of a number',
      'mse',
      { ...regression, predicted: Float64Array.of(1, 1e300, 1, 1, 1) },
      'it is beyond the range of a number',
    ],
    [
      'several outputs',
      'max-error',
      { ...regression, ids: ['a'], outputs: 5 },
      'it takes 1 output a sample; found 5',
    ],
    [
      'weights that are all 0',
      'accuracy',
      { ...classification, weights: new Float64Array(5) },
      'all weights are 0',
    ],
    [
      'a probability above 1',
      'log-loss',
      { ...classification, probabilities: Float64Array.of(0.9, 0.1, 0.2, 1.8, 0.7, 0.3, 0.4, 0.6, 0.6, 0.4) },
      'probabilities must be from 0 to 1; not so for sample "b"',
    ],
    [
      'a probability that is NaN',
      'roc-auc',
      { ...classification, probabilities: Float64Array.of(0.9, 0.1, 0.2, 0.8, 0.7, 0.3, 0.4, 0.6, NaN, 0.4) },
      'probabilities must be from 0 to 1; not so for sample "e"',
    ],
    [
      'no sample of a label',
      'roc-auc',
      { ...classification, expected: new Int32Array(5) },
      'ROC AUC takes samples of every label; no sample is "yes"',
    ],
    [
      'a weighted pairwise area',
      'roc-auc-ovo',
      { ...classification, weights: Float64Array.of(1, 1, 1, 1, 1) },
      'ROC AUC over pairs takes no sample weights',
    ],
    [
      'three labels for a binary score',
      'f1-binary',
      { ...classification, labels: ['x', 'y', 'z'] },
      'a binary score takes 2 labels; found 3; the macro one takes any number',
    ],
    [
      'agreement on the only label',
      'cohen-kappa',
      { ...classification, expected: new Int32Array(5), predicted: new Int32Array(5) },
      'only one label is expected or predicted',
    ],
    [
      'a label all samples have',
      'roc-auc-macro',
      { ...multilabel, expected: Uint8Array.of(1, 0, 1, 1) },
      'ROC AUC takes samples with and without each label; not so for "x"',
    ],
    [
      'a score that is NaN',
      'roc-auc-macro',
      { ...multilabel, scores: Float64Array.of(2, 1, NaN, 2) },
      'scores must be finite numbers; not so for sample "b"',
    ],
    [
      'an infinite ranking score',
      'mrr',
      { ...ranking, scores: Float64Array.of(1, 2, Infinity, 4) },
      'scores must be finite numbers; not so for sample "b"',
    ],
    [
      'references that are all empty',
      'bleu',
      { ...generation, references: ['', ' '] },
      'all references are empty, as of samples "a", "b"; a reference holds at least a character',
    ],
    [
      'an infinite likelihood',
      'perplexity',
      { ...generation, negativeLogLikelihood: Float64Array.of(1, Infinity) },
      '-ln p must be a finite number; not so for sample "b"',
    ],
    ['no tokens', 'perplexity', { ...generation, tokens: new Int32Array(2) }, 'there are no tokens'],
    [
      'a sequence without tokens',
      'perplexity-sequence',
      { ...generation, tokens: Int32Array.of(2, 0) },
      'every sequence must hold a token; not so for sample "b"',
    ],
    [
      'an overflowing perplexity',
      'perplexity',
      { ...generation, negativeLogLikelihood: Float64Array.of(1e4, 1e4) },
      'it is beyond the range of a number: the loss is above 709 nats a token',
    ],
    [
      'no entity anywhere',
      'entity-f1-micro',
      { ...tagging, expected: [['O', 'O'], ['O']], predicted: [['O', 'O'], ['O']] },
      'there is no entity, expected or predicted',
    ],
    [
      'tags of another scheme',
      'entity-f1-micro-strict',
      { ...tagging, predicted: [['B-X', 'E-X'], ['O']] },
      'IOB2 takes tags that start with B, I or O; not so for sample "a"',
    ],
  ]),
)('$what leaves no value, and the reason says why', ({ id, given, saying: reason }) => {
  expect(figure(id, given)).toEqual({ value: null, reason, doubts: [] });
});

test('bytes that nobody counted leave no value', () => {
  const uncounted = Object.fromEntries(Object.entries(generation).filter(([key]) => key !== 'utf8Bytes'));
  expect(figure('bits-per-byte', uncounted as unknown as GenerationPredictions).reason).toBe(
    'the number of bytes of the texts is unknown',
  );
});

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
    [
      'a certain mistake',
      'log-loss',
      { ...classification, probabilities: Float64Array.of(0, 1, 0.2, 0.8, 0.7, 0.3, 0.4, 0.6, 0.6, 0.4) },
      /probability 0 in sample "a"/,
    ],
    [
      'no positive',
      'average-precision',
      { ...classification, expected: new Int32Array(5) },
      /no sample is "yes", whose average precision counts as 0/,
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
  const given: ScorablePredictions = { kind: 'regression', ids, expected, predicted: new Float64Array(many) };
  expect(figure('r2', given).doubts).toHaveLength(1);
  expect(figure('r2', { ...given, expected: expected.with(5, 1 + 5e-5) }).doubts).toEqual([]);
});

test('what counts as no spread is one share here and in the oracle', () => {
  const oracle = readFileSync(new URL('../../oracle/metrics/regression.py', import.meta.url), 'utf8');
  expect(Number(/^SPREAD_SHARE = (.+)$/m.exec(oracle)?.[1])).toBe(roundingShare);
});

test('sound data gives values without doubts', () => {
  const sound: [string, ScorablePredictions][] = [
    ['r2', regression],
    ['mape', regression],
    ['log-loss', classification],
    ['f1-macro', classification],
    ['roc-auc', classification],
    ['lrap', multilabel],
    ['ndcg', ranking],
    ['wer', generation],
    ['perplexity', generation],
    ['tag-accuracy', tagging],
  ];
  for (const [id, given] of sound) expect(figure(id, given)).toMatchObject({ reason: null, doubts: [] });
});
