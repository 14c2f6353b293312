import { expect, test } from 'vitest';
import { AssayError } from '../../../core/errors.ts';
import type { GenerationPredictions, Predictions } from '../../../tasks/predictions.ts';
import {
  cases,
  classification,
  figure,
  generation,
  multilabel,
  ranking,
  regression,
  tagging,
} from './examples.ts';

function errorOf(id: string, given: Predictions): string {
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
      'ROC AUC takes samples of every label; none is of label "yes"',
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
    ...['bleu', 'exact-match'].map((id): [string, string, Predictions, string] => [
      `references of ${id} that are all empty`,
      id,
      { ...generation, references: ['', ' '] },
      'all references are empty, as of samples "a", "b"; a reference holds at least a character',
    ]),
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
