import { expect, test } from 'vitest';
import { scoresAdvice } from '../../../runners/optimize/predict-variant.ts';

const task = { kind: 'classification', scores: 'probabilities' } as const;

test('whoever said that scores are probabilities is told where to say that they are logits', () => {
  expect(scoresAdvice({ task, scoresBy: 'nobody' })).toEqual(['say by --scores logits what the model gives']);
  expect(scoresAdvice({ task, scoresBy: 'user' })).toEqual([
    'give --scores logits rather than probabilities, if that is what the model gives',
  ]);
  expect(scoresAdvice({ task, scoresBy: 'suite' })).toEqual([
    'let the suite say "scores": "logits" of its task, if that is what the model gives',
  ]);
});

test('nothing is said of scores that are logits already, or where there are none', () => {
  for (const scoresBy of ['suite', 'user', 'nobody'] as const) {
    expect(scoresAdvice({ task: { kind: 'classification', scores: 'logits' }, scoresBy })).toEqual([]);
    expect(scoresAdvice({ task: { kind: 'regression' }, scoresBy })).toEqual([]);
  }
});
