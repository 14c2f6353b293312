import * as z from 'zod';
import { AssayError } from '../../core/errors.ts';
import type { Figure, Metric } from '../metric.ts';
import type { TaggingPredictions } from '../predictions.ts';
import { averagedFigure } from './class-score-figures.ts';
import { type AverageOptions, type ClassScore, fBeta, precision, recall } from './class-scores.ts';
import { configurable } from './metric-options.ts';
import { entitySums, tagSums } from './entity-sums.ts';
import { entityCounts, type EntityReading, tagAccuracy } from './entities.ts';
import { undefinedBecause, valued } from './figure.ts';
import { namedSamples } from './named-samples.ts';
import { requireLengths } from './required-lengths.ts';

type Average = AverageOptions['average'];

const shared = {
  task: 'tagging',
  unit: '',
  oracle: 'seqeval 1.2.2',
  direction: 'higher-is-better',
  range: [0, 1],
  reads: 'decisions',
} as const;

const schema = z.strictObject({ zeroDivision: z.enum(['0', '1']).default('0') });

export const taggingMetrics: readonly Metric<'tagging'>[] = [
  {
    ...shared,
    id: 'tag-accuracy',
    label: 'Tag accuracy',
    formula: 'share of tokens whose tag is right',
    source: 'seqeval accuracy_score',
    compute: (given) => taggingFault(given) ?? valued(tagAccuracy(given.expected, given.predicted)),
    sampleSums: tagSums,
  },
  ...overTypes('precision', 'Precision', precision),
  ...overTypes('recall', 'Recall', recall),
  ...overTypes('f1', 'F1', fBeta(1)),
];

function overTypes(name: string, label: string, score: ClassScore): Metric<'tagging'>[] {
  return (['micro', 'macro', 'weighted'] as const).flatMap((average) => [
    entityMetric({ name, label, average, reading: 'conlleval' }, score),
    entityMetric({ name, label, average, reading: 'iob2' }, score),
  ]);
}

interface Described {
  name: string;
  label: string;
  average: Average;
  reading: EntityReading;
}

function entityMetric({ name, label, average, reading }: Described, score: ClassScore): Metric<'tagging'> {
  const strict = reading === 'iob2';
  return configurable(schema, ({ zeroDivision }) => ({
    ...shared,
    id: `entity-${name}-${average}${strict ? '-strict' : ''}`,
    label: `${label} of entities (${average}${strict ? ', strict IOB2' : ''})`,
    formula: `${average} mean over types of ${label}; an entity is right where type, start and end are`,
    source: `seqeval ${name}_score (average="${average}"${strict ? ', mode="strict", scheme=IOB2' : ''})`,
    compute: (given) => {
      const fault = taggingFault(given) ?? (strict ? schemeFault(given) : null);
      if (fault !== null) return fault;
      const { types: names, counts } = entityCounts(given.expected, given.predicted, reading);
      if (names.length === 0) return undefinedBecause('there is no entity, expected or predicted');
      return averagedFigure(counts, score, { names, average, zeroDivision });
    },
    sampleSums: (given) =>
      entitySums(
        given,
        reading,
        (names, counts) => averagedFigure(counts, score, { names, average, zeroDivision }).value ?? NaN,
      ),
  }));
}

function taggingFault({ ids, expected, predicted }: TaggingPredictions): Figure | null {
  requireLengths(ids, undefined, { expected: expected.length, predicted: predicted.length });
  const uneven = namedSamples(ids, (sample) => expected[sample]!.length !== predicted[sample]!.length);
  if (uneven !== null)
    throw new AssayError(
      'dataset-invalid',
      `Every token takes a predicted tag; the numbers differ in ${uneven}.`,
    );
  const untagged = namedSamples(
    ids,
    (sample) => expected[sample]!.includes('') || predicted[sample]!.includes(''),
  );
  if (untagged !== null)
    throw new AssayError('dataset-invalid', `A tag is a text such as O or B-PER; found "" in ${untagged}.`);
  return expected.some((tags) => tags.length > 0) ? null : undefinedBecause('there are no tokens');
}

function schemeFault({ ids, expected, predicted }: TaggingPredictions): Figure | null {
  const isForeign = (tag: string): boolean => !'BIO'.includes(tag.charAt(0));
  const named = namedSamples(
    ids,
    (sample) => expected[sample]!.some(isForeign) || predicted[sample]!.some(isForeign),
  );
  return named === null
    ? null
    : undefinedBecause(`IOB2 takes tags that start with B, I or O; not so for ${named}`);
}
