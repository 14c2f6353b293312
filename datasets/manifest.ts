import * as z from 'zod';
import { shownShape } from '../core/shown-shape.ts';
import { noneTwice, noneTwiceIn } from './none-twice.ts';
import { targetSchema, type Target } from './target.ts';

const name = z.string().min(1);

const scalings = '"none", "standardise" or an object of "divideBy" and maybe "subtract"';

/** How a number of a row becomes a number of the input; `standardise` is fitted on the train split alone. */
const scaling = z.union([
  z.enum(['none', 'standardise']),
  z.strictObject({
    subtract: z.number().default(0),
    divideBy: z
      .number({
        error: ({ input: given }) => (given === undefined ? `missing; ${scalings} are accepted` : undefined),
      })
      .refine((divisor) => divisor !== 0, 'expected a number other than 0'),
  }),
]);

const feature = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('number'), columns: z.array(name).min(1), scaling }),
  /** The year of an ISO 8601 date. */
  z.strictObject({ kind: z.literal('year'), columns: z.array(name).min(1), scaling }),
  /** One number for each of the values, in this order. */
  z.strictObject({
    kind: z.literal('one-hot'),
    columns: z.array(name).min(1),
    values: z.array(z.string()).min(1).superRefine(noneTwice),
  }),
]);

const input = z.discriminatedUnion('kind', [
  /** [rows, ...shape]; without a shape, [rows, numbers of the features]. */
  z.strictObject({
    kind: z.literal('features'),
    name,
    features: z.array(feature).min(1),
    /** float64 for models that take such, or whole numbers beyond 2^24. */
    type: z.enum(['float32', 'float64']).optional(),
    shape: z.array(z.int().positive()).min(1).optional(),
  }),
  /** int64 [rows, length]: a list of whole numbers a row, such as token ids, and `padding` behind it. */
  z.strictObject({
    kind: z.literal('integers'),
    name,
    column: name,
    length: z.int().positive(),
    padding: z.int32().default(0),
  }),
  /** string [rows, ...shape]; without a shape, [rows, columns]. */
  z.strictObject({
    kind: z.literal('texts'),
    name,
    columns: z.array(name).min(1),
    shape: z.array(z.int().positive()).optional(),
  }),
  /** int64 [rows, length of the target's rows]: the target's token ids. */
  z.strictObject({ kind: z.literal('tokens'), name }),
  /** int64 [rows, length of the target's rows]: 1 for a word of a row and 0 for its padding. */
  z.strictObject({ kind: z.literal('mask'), name }),
  /** int64 [rows, length of the target's rows]: the places of a row, from 0. */
  z.strictObject({ kind: z.literal('positions'), name }),
]);

/** Where the bytes come from. */
const origin = z.discriminatedUnion('kind', [
  /** A file in the folder of the manifest. */
  z.strictObject({ kind: z.literal('file'), path: name }),
  /** A file of an installed npm package. */
  z.strictObject({ kind: z.literal('package'), package: name, path: name }),
  /** JSON Lines written by a seeded generator of `datasets/`. */
  z.strictObject({
    kind: z.literal('generated'),
    generator: z.literal('nested-clauses'),
    seed: z.int(),
    rows: z.int().positive(),
  }),
]);

const format = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('csv'),
    /** Column names where the file does not start with them. */
    columns: z.array(name).min(1).optional(),
    /** Lines before the first row (or before the column names). */
    skipLines: z.int().nonnegative().default(0),
    gzip: z.boolean().default(false),
  }),
  /** An array of objects. */
  z.strictObject({ kind: z.literal('json'), gzip: z.boolean().default(false) }),
  /** An object a line. */
  z.strictObject({ kind: z.literal('jsonl'), gzip: z.boolean().default(false) }),
  /** Flat columns; read a row group at a time. */
  z.strictObject({ kind: z.literal('parquet') }),
]);

const missingLabels = z.enum(['drop', 'error']);
const missingFeatures = z.enum(['drop', 'error', 'keep']);

/** A dataset: what it is, where it is from, how its rows become inputs and references, and how they are split. */
export const datasetManifestSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'expected lower-case letters, digits and hyphens'),
    title: name,
    description: z.string(),
    source: name,
    licence: name,
    origin,
    sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in lower-case hex'),
    sizeBytes: z.int().positive(),
    format,
    /** What happens to a row whose feature or label is missing; docs/formats.md says what is. */
    missing: z.strictObject({ features: missingFeatures, label: missingLabels }),
    inputs: z.array(input).min(1).superRefine(noneTwiceIn('name')),
    target: targetSchema,
    /** Column whose rows of one value belong together, e.g. a patient, and are no independent samples. */
    cluster: name.optional(),
    /** Column that says how much a row counts in a metric, 0 or more. */
    weight: name.optional(),
    split: z.strictObject({
      seed: z.int(),
      /** Share of the rows that are test, 1 for all of them. */
      testShare: z.number().gt(0).lte(1),
      /** Whether every class has that share. */
      stratify: z.boolean(),
    }),
  })
  .superRefine(checkTogether);

export type DatasetManifest = z.output<typeof datasetManifestSchema>;
export type Feature = z.output<typeof feature>;
export type Scaling = z.output<typeof scaling>;
export type Format = z.output<typeof format>;
export type Input = z.output<typeof input>;
export type MissingPolicy = z.output<typeof missingFeatures>;

interface Checked {
  origin: z.output<typeof origin>;
  format: Format;
  inputs: Input[];
  target: Target;
  weight?: string | undefined;
  split: { stratify: boolean };
}

/** Why rows of a target take no weights. */
const unweighted: Partial<Record<Target['kind'], string>> = {
  tags: 'tags have no weights, as metrics of entities know none',
  gain: 'candidates have no weights, as metrics of rankings know none',
  tokens: 'texts have no weights, as scores of a corpus such as BLEU know none',
};

function checkTogether(
  { origin: from, format: as, inputs, target, weight, split }: Checked,
  context: z.RefinementCtx,
): void {
  const report = (path: (string | number)[], message: string): void => {
    context.addIssue({ code: 'custom', path, message });
  };
  if (from.kind === 'generated' && (as.kind !== 'jsonl' || as.gzip))
    report(['format'], 'generated data are JSON Lines, not compressed');
  if (split.stratify && target.kind !== 'class')
    report(['split', 'stratify'], 'only a class target has strata');
  for (const [index, { shape, width, holds }] of inputs.map(shapeAndWidth).entries()) {
    if (shape !== null && product(shape) !== width) {
      report(['inputs', index, 'shape'], `${shownShape(shape)} does not hold the ${width} ${holds}`);
    }
  }
  const whyUnweighted = unweighted[target.kind];
  if (weight !== undefined && whyUnweighted !== undefined) report(['weight'], whyUnweighted);
  const hasWords = target.kind === 'tokens' || (target.kind === 'tags' && target.words !== undefined);
  if (!hasWords && inputs.some(({ kind }) => kind === 'tokens'))
    report(
      ['inputs'],
      'a tokens input needs a target of tokens, or of tags with "words"; "integers" reads token ids from a column of their own',
    );
  if (target.kind === 'tokens' && !inputs.some(({ kind }) => kind === 'tokens'))
    report(['inputs'], 'a target of tokens needs a tokens input, which prompts are continued in');
  const ofWords = inputs.find(({ kind }) => kind === 'mask' || kind === 'positions');
  if (ofWords !== undefined && target.kind !== 'tags' && target.kind !== 'tokens')
    report(
      ['inputs'],
      `a ${ofWords.kind} input needs a target of tags or of tokens; "integers" reads one from a column of its own`,
    );
}

/** What an input holds a row, where it is given a shape. */
interface Contents {
  shape: readonly number[] | null;
  width: number;
  holds: string;
}

function shapeAndWidth(input: Input): Contents {
  if (input.kind === 'texts')
    return { shape: input.shape ?? null, width: input.columns.length, holds: 'texts of the columns' };
  if (input.kind !== 'features') return { shape: null, width: 0, holds: '' };
  const width = input.features.reduce((sum, one) => sum + widthOf(one), 0);
  return { shape: input.shape ?? null, width, holds: 'numbers of the features' };
}

function widthOf(feature: Feature): number {
  return feature.columns.length * (feature.kind === 'one-hot' ? feature.values.length : 1);
}

function product(shape: readonly number[]): number {
  return shape.reduce((total, size) => total * size, 1);
}
