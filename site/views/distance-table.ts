import type { GroupRecord } from '../../results/schema.ts';
import { column, textCell, type Column, type DataCell, type DataTable } from './data-table.ts';
import {
  clip,
  formatCount,
  formatDistance,
  formatDistanceRange,
  formatNumber,
  formatPercent,
} from './format.ts';

type JudgedVariant = GroupRecord['variants'][number];

/** How far outputs moved, right or wrong, or why that cannot be told; null where no variant could be compared. */
export function distanceTable({ variants }: GroupRecord): DataTable | null {
  const rows = variants.filter(
    ({ distance, distanceReason }) => distance !== null || distanceReason !== null,
  );
  if (rows.length === 0) return null;
  const known = rows.find(({ distance }) => distance !== null)?.distance ?? null;
  const of = known === null ? 'outputs' : distanceNames[known.kind].of;
  const columns = known === null ? [column('Distance')] : distanceFigures(known).map(toColumn);
  return {
    caption: `Distance of ${of} from the baseline's, right or wrong`,
    columns,
    rows: rows.map(({ variant, ...found }) => ({
      name: clip(variant.name, 60),
      path: null,
      cells: distanceCells(found, columns.length),
    })),
  };
}

function toColumn({ heading, hint }: DistanceFigure): Column {
  return column(heading, hint);
}

function distanceCells(
  { distance, distanceReason }: Pick<JudgedVariant, 'distance' | 'distanceReason'>,
  width: number,
): DataCell[] {
  if (distance !== null) return distanceFigures(distance).map(({ value, range }) => textCell(value, range));
  const unknown = textCell('–', clip(distanceReason ?? '', 300));
  return [unknown, ...Array.from({ length: width - 1 }, () => textCell('–'))];
}

type Distance = NonNullable<JudgedVariant['distance']>;

const distanceNames = {
  regression: { of: 'values', hint: 'in the unit of the value' },
  classification: { of: 'probabilities', hint: '' },
  multilabel: { of: 'scores', hint: '' },
  ranking: { of: 'scores', hint: '' },
  tagging: { of: 'tags', hint: '' },
  generation: { of: 'the loss of a token', hint: 'nats' },
} as const satisfies Record<Distance['kind'], { of: string; hint: string }>;

/** One number of a distance as text. */
export interface DistanceFigure {
  heading: string;
  hint: string;
  value: string;
  /** Its interval, or why there is no value. */
  range: string | null;
}

export function distanceFigures(distance: Distance): DistanceFigure[] {
  const { hint } = distanceNames[distance.kind];
  const figure = (heading: string, value: number, unit: string = hint): DistanceFigure => ({
    ...{ heading, hint: unit, range: null },
    value: formatDistance(value),
  });
  if (distance.kind === 'tagging') return [figure('Share that changed', distance.changedTags)];
  const { mean, rootMeanSquare, max } = gapsOf(distance);
  const gaps = [figure('Mean', mean), figure('Root mean square', rootMeanSquare), figure('Largest', max)];
  if (distance.kind === 'generation') return [...gaps, ...divergenceFigures(distance)];
  if (distance.kind !== 'classification') return gaps;
  return [...gaps, figure('KL divergence', distance.klDivergence, 'nats a sample')];
}

type Generation = Extract<Distance, { kind: 'generation' }>;

function divergenceFigures({ divergence, divergenceReason }: Generation): DistanceFigure[] {
  const texts =
    divergence === null ? ([['–', clip(divergenceReason ?? '', 300)]] as const) : divergenceTexts(divergence);
  return divergenceHeadings.map((heading, index) => {
    const [value = '–', range = null] = texts[index] ?? [];
    return { ...heading, value, range };
  });
}

/** Each with its interval or a remark. */
function divergenceTexts(
  divergence: NonNullable<Generation['divergence']>,
): [value?: string, range?: string | null][] {
  const { klDivergence, interval, reason, percentile99, max, sameLikeliest, positions, samples } = divergence;
  return [
    [formatDistance(klDivergence), interval === null ? reason : formatDistanceRange(klDivergence, interval)],
    percentile99 === null ? [] : [formatDistance(percentile99)],
    [formatDistance(max)],
    [
      formatPercent(sameLikeliest, 4),
      `of ${formatNumber(positions, 0)} tokens of ${formatCount(samples, 'sample')}`,
    ],
  ];
}

const divergenceHeadings = [
  { heading: 'KL divergence', hint: 'nats a token' },
  { heading: '99 % of tokens below', hint: 'nats' },
  { heading: 'Largest KL', hint: 'nats' },
  { heading: 'Same likeliest token', hint: '' },
] as const;

function gapsOf(distance: Exclude<Distance, { kind: 'tagging' }>): {
  mean: number;
  rootMeanSquare: number;
  max: number;
} {
  switch (distance.kind) {
    case 'regression':
      return distance.values;
    case 'classification':
      return distance.probabilities;
    case 'multilabel':
    case 'ranking':
      return distance.scores;
    case 'generation':
      return distance.lossPerToken;
  }
}
