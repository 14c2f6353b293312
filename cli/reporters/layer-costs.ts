import type { LayerCosts, LayerScore } from '../../results/layer-costs-schema.ts';
import {
  decimalsForDifferences,
  formatChange,
  formatDistance,
  formatNumber,
} from '../../site/views/format.ts';
import { formatTable } from './table.ts';

type Layer = LayerCosts['costs'][number];

/** What each layer costs, the most costly first. */
export function formatLayerCosts(variant: string, found: LayerCosts): string {
  const { costs, metric, distanceName, layers } = found;
  const label = metric?.label.toLowerCase() ?? null;
  const headings = [
    ...['layer', 'operator', 'weights'],
    ...(label === null ? [] : [`${label} alone`]),
    'distance alone',
    ...(label === null ? [] : [`${label} all but it`]),
    'distance all but it',
  ];
  const left = costs.length < layers ? `; ${layers - costs.length} smaller layers were left out` : '';
  return [
    `Layers of ${variant}, quantized alone and left in float32 alone, the most costly first${left}\n`,
    formatTable(
      headings,
      costs.map((layer) => rowOf(layer, label !== null)),
    ),
    `Distance: ${distanceName}.${label === null ? '' : ' Changes are against the baseline, with their 95 % intervals.'}\n`,
    formatReasons(costs),
  ].join('');
}

function rowOf({ node, operator, weights, alone, without }: Layer, hasMetric: boolean): string[] {
  return [
    ...[node, operator, formatNumber(weights, 0)],
    ...(hasMetric ? [changeOf(alone)] : []),
    distanceOf(alone),
    ...(hasMetric ? [changeOf(without)] : []),
    distanceOf(without),
  ];
}

function changeOf(score: LayerScore | null): string {
  if (score?.difference == null) return '-';
  const estimate = { value: score.difference, interval: score.interval };
  return formatChange(estimate, decimalsForDifferences([estimate]));
}

function distanceOf(score: LayerScore | null): string {
  return score?.distance == null ? '-' : formatDistance(score.distance);
}

function formatReasons(costs: readonly Layer[]): string {
  const lines = costs.flatMap(({ node, reason }) => (reason === null ? [] : [`  ${node}: ${reason}\n`]));
  return lines.length === 0 ? '' : `\nNot scored\n${lines.join('')}`;
}
