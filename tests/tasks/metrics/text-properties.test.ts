import fc from 'fast-check';
import { expect, test } from 'vitest';
import { metricById } from '../../../tasks/metrics/registry.ts';
import type { GenerationPredictions } from '../../../tasks/predictions.ts';
import { words } from './drawn-samples.ts';
import { holds } from './holds.ts';

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
