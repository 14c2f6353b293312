import * as z from 'zod';
import { noneTwice, noneTwiceIn } from './none-twice.ts';

const name = z.string().min(1);

/** What a model should put out, and the columns it is read from. */
export const targetSchema = z.discriminatedUnion('kind', [
  /** One number, or several in the order of the model's output. */
  z
    .strictObject({
      kind: z.literal('value'),
      column: name.optional(),
      columns: z.array(name).min(1).optional(),
      unit: z.string(),
    })
    .refine(({ column, columns }) => (column === undefined) !== (columns === undefined), {
      path: ['columns'],
      error: 'expected either "column" or "columns"',
    })
    .refine(({ columns }) => columns === undefined || new Set(columns).size === columns.length, {
      path: ['columns'],
      error: 'a column is there twice',
    })
    .transform(({ kind, unit, column, columns }) => ({ kind, unit, columns: columns ?? [column ?? ''] })),
  /** Class i of the predictions is `classes[i]`; `value` is how the column writes it. */
  z.strictObject({
    kind: z.literal('class'),
    column: name,
    classes: z
      .array(z.strictObject({ value: z.string(), label: name }))
      .min(2)
      .superRefine(noneTwiceIn('value', 'label')),
  }),
  /** Any number of labels a row: a list of their values in a cell, which is empty where none applies. */
  z.strictObject({
    kind: z.literal('labels'),
    column: name,
    labels: z
      .array(z.strictObject({ value: name, label: name }))
      .min(1)
      .superRefine(noneTwiceIn('value', 'label')),
    /** What stands between the values where the cell is a text. */
    separator: name.default(' '),
  }),
  /** Any number of labels a row: a column of 0 and 1 for each, which is called as the label is. */
  z.strictObject({ kind: z.literal('flags'), columns: z.array(name).min(1).superRefine(noneTwice) }),
  /** Rows are candidates of queries; `column` says how relevant each is, a number from 0, which is not at all. */
  z.strictObject({ kind: z.literal('gain'), column: name, queryColumn: name }),
  /** A tag a word: a text with a space between, or a list, which holds null for a word without one. */
  z.strictObject({
    kind: z.literal('tags'),
    column: name,
    tags: z.array(name).min(2).superRefine(noneTwice),
    /** Where the words are, of a vocabulary whose first is the padding; for inputs of tokens. */
    words: z
      .strictObject({
        column: name,
        vocabulary: z.array(z.string().min(1)).min(2).superRefine(noneTwice),
        /** The word that stands for all that are not in the vocabulary, which are refused without it. */
        unknown: name.optional(),
      })
      .refine(({ unknown, vocabulary }) => unknown === undefined || vocabulary.includes(unknown), {
        path: ['unknown'],
        error: 'expected a word of the vocabulary',
      })
      .optional(),
    length: z.int().positive(),
  }),
  /** Rows of words of a vocabulary, whose first word is the padding. */
  z
    .strictObject({
      kind: z.literal('tokens'),
      /** A text of words with a space between, or a list of words or of their places in the vocabulary. */
      column: name,
      /** How many words of a row are its prompt. */
      promptColumn: name,
      /** -ln p of a row under its true source, in nats; null where the source is unknown. */
      floorColumn: name.nullable(),
      /** Columns of further texts that are as good a continuation: a text each, or a list of them. */
      otherColumns: z.array(name).min(1).optional(),
      vocabulary: z.array(z.string().min(1)).min(2).superRefine(noneTwice),
      /** What stands between the words of a text. */
      join: z.enum([' ', '']).default(' '),
      /** The word that ends a text and is no part of it. */
      end: name.optional(),
      length: z.int().positive(),
    })
    .refine(({ end, vocabulary }) => end === undefined || vocabulary.includes(end), {
      path: ['end'],
      error: 'expected a word of the vocabulary',
    }),
]);

export type Target = z.output<typeof targetSchema>;
export type TargetOf<Kind extends Target['kind']> = Extract<Target, { kind: Kind }>;
