import type { LayerReport } from '../../runners/optimize/explain-layers.ts';
import type { LayerCost } from '../../runners/optimize/rank-layers.ts';
import type { Cost } from '../../runners/optimize/score-variant.ts';
import {
  decimalsFor,
  formatNumber,
  formatSigned,
  formatSignedRange,
  formatSignificant,
} from '../../site/views/format.ts';
import { formatTable } from './table.ts';

/** What each layer costs, the most costly first. */
export function formatLayerCosts({ variant, costs, metric, distanceName, layers }: LayerReport): string {
  const hasMetric = metric !== null;
  const change = hasMetric ? [`${metric} alone`] : [];
  const without = hasMetric ? [`${metric} all but it`] : [];
  const headings = [
    'layer',
    'operator',
    'weights',
    ...change,
    'distance alone',
    ...without,
    'distance all but it',
  ];
  const left = costs.length < layers ? `; ${layers - costs.length} smaller layers were left out` : '';
  return [
    `Layers of ${variant}, quantized alone and left in float32 alone, the most costly first${left}\n`,
    formatTable(
      headings,
      costs.map((cost) => rowOf(cost, hasMetric)),
    ),
    `Distance: ${distanceName}.${hasMetric ? ' Changes are against the baseline, with their 95 % intervals.' : ''}\n`,
    formatReasons(costs),
  ].join('');
}

function rowOf({ layer, alone, without }: LayerCost, hasMetric: boolean): string[] {
  return [
    layer.node,
    layer.operator,
    formatNumber(layer.weights, 0),
    ...(hasMetric ? [changeOf(alone)] : []),
    distanceOf(alone),
    ...(hasMetric ? [changeOf(without)] : []),
    distanceOf(without),
  ];
}

function changeOf(cost: Cost | null): string {
  const comparison = cost?.comparison ?? null;
  if (comparison === null) return '-';
  const { difference, interval } = comparison;
  const decimals = decimalsFor([{ value: difference, interval }]);
  const range = interval === null ? '' : ` (${formatSignedRange(interval, decimals)})`;
  return `${formatSigned(difference, decimals)}${range}`;
}

function distanceOf(cost: Cost | null): string {
  return cost?.distance == null ? '-' : formatSignificant(cost.distance);
}

function formatReasons(costs: readonly LayerCost[]): string {
  const lines = costs.flatMap(({ layer, reason }) =>
    reason === null ? [] : [`  ${layer.node}: ${reason}\n`],
  );
  return lines.length === 0 ? '' : `\nNot scored\n${lines.join('')}`;
}
