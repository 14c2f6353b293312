import type { LayerCosts, LayerScore } from '../../results/layer-costs-schema.ts';
import type { GroupRecord } from '../../results/schema.ts';
import { column, textCell, type DataCell, type DataTable } from './data-table.ts';
import {
  clip,
  decimalsForDifferences,
  formatDistance,
  formatNumber,
  formatSigned,
  formatSignedRange,
} from './format.ts';
import { directionHint } from './suite-tables.ts';

const mostRows = 20;

/** Which layers of each variant cost the quality; none where a run was not asked for it. */
export function layerTables({ variants }: GroupRecord): DataTable[] {
  return variants.flatMap(({ variant, layers }) =>
    layers === null || layers.costs.length === 0 ? [] : [layerTable(variant.name, layers)],
  );
}

function layerTable(variant: string, { metric, distanceName, layers, costs }: LayerCosts): DataTable {
  const shown = costs.slice(0, mostRows);
  const isWhole = shown.every(({ reason }) => reason === null);
  const count =
    shown.length < layers
      ? `the ${shown.length} most costly of ${formatNumber(layers, 0)}`
      : 'the most costly first';
  const label = metric === null ? null : clip(metric.label, 40);
  const hint = metric === null ? '' : directionHint(metric.direction);
  const change = (what: string): DataTable['columns'] =>
    label === null ? [] : [column(`${label}, ${what}`, hint)];
  return {
    caption: `Layers of ${clip(variant, 60)} that cost the quality, ${count}; distance: ${clip(distanceName, 100)}`,
    columns: [
      column('Operator', 'weights'),
      ...change('it alone quantized'),
      column('Distance, it alone', '↓ lower is better'),
      ...change('all but it'),
      column('Distance, all but it', '↓ lower is better'),
      ...(isWhole ? [] : [column('Not scored')]),
    ],
    rows: shown.map(({ node, operator, weights, alone, without, reason }) => ({
      name: clip(node, 60),
      path: null,
      cells: [
        textCell(clip(operator, 40), formatNumber(weights, 0)),
        ...(label === null ? [] : [changeCell(alone)]),
        distanceCell(alone),
        ...(label === null ? [] : [changeCell(without)]),
        distanceCell(without),
        ...(isWhole ? [] : [textCell(reason === null ? '' : clip(reason, 200))]),
      ],
    })),
  };
}

function changeCell(score: LayerScore | null): DataCell {
  if (score?.difference == null) return textCell('–');
  const { difference, interval } = score;
  const decimals = decimalsForDifferences([{ value: difference, interval }]);
  return textCell(
    formatSigned(difference, decimals),
    interval === null ? null : formatSignedRange(interval, decimals),
  );
}

function distanceCell(score: LayerScore | null): DataCell {
  return textCell(score?.distance == null ? '–' : formatDistance(score.distance));
}
