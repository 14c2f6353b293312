import * as z from 'zod';
import { bleuTokenizers, type BleuTokenizer } from './bleu-tokenizers.ts';
import { flagOption, numberOption } from './metric-options.ts';

const tokenizers = Object.keys(bleuTokenizers) as [BleuTokenizer, ...BleuTokenizer[]];

/** What sacrebleu's BLEU takes, by its defaults. */
export const bleuOptions = z
  .strictObject({
    lowercase: flagOption.default(false),
    tokenize: z.enum(tokenizers).default('13a'),
    smoothing: z.enum(['exp', 'floor', 'add-k', 'none']).default('exp'),
    smoothingValue: numberOption(z.number().min(0)).optional(),
    effectiveOrder: flagOption.default(false),
  })
  .refine(
    ({ smoothing, smoothingValue }) =>
      smoothingValue === undefined || smoothing === 'floor' || smoothing === 'add-k',
    { path: ['smoothingValue'], error: 'only the smoothings floor and add-k take a value' },
  );

/** What sacrebleu's chrF takes. */
export const chrfOptions = z.strictObject({
  charOrder: numberOption(z.int().min(1).max(100)).default(6),
  wordOrder: numberOption(z.int().min(0).max(100)).default(0),
  beta: numberOption(z.number().positive()).default(2),
  lowercase: flagOption.default(false),
  whitespace: flagOption.default(false),
  epsSmoothing: flagOption.default(false),
});

/** The same where pairs of words count by default. */
export const chrfWordsOptions = chrfOptions.extend({
  wordOrder: chrfOptions.shape.wordOrder.unwrap().default(2),
});

/** What sacrebleu's TER takes, by its defaults. */
export const terOptions = z.strictObject({
  caseSensitive: flagOption.default(false),
  punctuation: flagOption.default(true),
  normalized: flagOption.default(false),
  asianSupport: flagOption.default(false),
});
