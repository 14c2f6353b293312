import type { Figure, Metric } from '../metric.ts';
import type { MultilabelPredictions } from '../predictions.ts';
import { fewDoubts } from './class-doubts.ts';
import { undefinedBecause, valued } from './figure.ts';
import { overLabels } from './label-scores.ts';
import { scoreFault } from './multilabel-faults.ts';
import { namedSamples } from './named-samples.ts';
import { averagePrecision, rocAuc } from './roc.ts';

type Given = MultilabelPredictions;
type Average = (typeof averages)[number];

/** A score of how well a label's scores tell the samples that have it from the rest. */
interface Area {
  id: 'roc-auc' | 'average-precision';
  label: string;
  formula: string;
  oracleName: string;
  score: typeof averagePrecision;
}

const averages = ['macro', 'micro', 'weighted', 'samples'] as const;

const areas: readonly Area[] = [
  {
    id: 'roc-auc',
    label: 'ROC AUC',
    formula: 'P(score of a positive > score of a negative), ties half',
    oracleName: 'roc_auc_score',
    score: rocAuc,
  },
  {
    id: 'average-precision',
    label: 'Average precision',
    formula: 'sum of (gain in recall) * precision over thresholds',
    oracleName: 'average_precision_score',
    score: averagePrecision,
  },
];

/** Metrics of how well scores rank the samples of each label, or the labels of each sample. */
export const multilabelAreas: readonly Metric<'multilabel'>[] = areas.flatMap((area) =>
  averages.map((average) => areaMetric(area, average)),
);

function areaMetric(area: Area, average: Average): Metric<'multilabel'> {
  return {
    task: 'multilabel',
    unit: '',
    direction: 'higher-is-better',
    range: [0, 1],
    reads: 'ranks',
    oracle: 'scikit-learn 1.9.1',
    id: `${area.id}-${average}`,
    label: `${area.label} (${average})`,
    formula: `${average} mean of ${area.formula}`,
    source: `scikit-learn ${area.oracleName} (average="${average}")`,
    compute: (given) => scoreFault(given) ?? areaFigure(given, area, average),
  };
}

function areaFigure(given: Given, { id, score }: Area, average: Average): Figure {
  const { labels, expected: flags, scores, weights: sampleWeights } = given;
  const value = overLabels({ labels: labels.length, flags, scores, sampleWeights }, score, average);
  if (Number.isNaN(value)) return oneSided(given);
  return valued(value, [...absentDoubts[average](given, id), ...rareDoubts[average](given, id)]);
}

function oneSided(given: Given): Figure {
  const samples = samplesOf(given);
  const constant = given.labels.filter((_, label) => [0, given.ids.length].includes(samples[label]!));
  const named = constant.map((label) => `"${label}"`).join(', ');
  return undefinedBecause(
    `ROC AUC takes samples with and without each label; not so for ${named || 'every sample'}`,
  );
}

/** What may make an area misleading, whose value is there. */
type Doubts = Record<Average, (given: Given, id: Area['id']) => string[]>;

/** A label that few samples have decides a mean of labels alike. */
const rareDoubts: Doubts = {
  macro: (given, id) => {
    const samples = samplesOf(given);
    const others = samples.map((count) => given.ids.length - count);
    return [
      ...fewDoubts(given.labels, samples),
      ...(id === 'roc-auc' ? fewDoubts(given.labels, others, 'without') : []),
    ];
  },
  micro: () => [],
  weighted: () => [],
  samples: () => [],
};

/** What counts as 0, since there is nothing to find; a label that weighs by its samples has no weight without any. */
const absentDoubts: Doubts = {
  macro: (given) => {
    const samples = samplesOf(given);
    const named = namedSamples(given.labels, (label) => samples[label] === 0, 'label');
    return named === null ? [] : [`no sample is of ${named}, whose average precision counts as 0`];
  },
  weighted: nothingDoubts,
  micro: nothingDoubts,
  samples: ({ ids, labels, expected }) => {
    const isEmpty = (sample: number): boolean =>
      !expected.subarray(sample * labels.length, (sample + 1) * labels.length).includes(1);
    const named = namedSamples(ids, isEmpty);
    return named === null ? [] : [`no label applies to ${named}, whose average precision counts as 0`];
  },
};

function nothingDoubts({ expected }: Given): string[] {
  return expected.includes(1) ? [] : ['no label applies to any sample, so it counts as 0'];
}

/** How many samples have each label. */
function samplesOf({ labels, expected }: Given): Float64Array {
  const samples = new Float64Array(labels.length);
  for (let cell = 0; cell < expected.length;)
    for (const label of samples.keys()) samples[label]! += expected[cell++]!;
  return samples;
}
