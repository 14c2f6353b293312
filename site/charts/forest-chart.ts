import type { Forest } from '../views/forest.ts';
import { positionChannel, textLayers, type LayeredChart, type UnitLayer } from './layers.ts';
import { markColours, markShapes } from './theme.ts';

const width = 262;
const rowHeight = 44;
/** Room for the axis around the plot, in pixels. */
const frame = { left: 8, right: 8, top: 8, bottom: 38 };
/** Where in its row, from 0 to 1, a name and its estimate lie. */
const place = { name: 0.28, estimate: 0.68 };

type X = ReturnType<typeof positionChannel>;

/** Estimates with intervals under one another; a solid line at no difference, a dashed one at the limit of the policy. */
export function forestChart(forest: Forest): LayeredChart {
  const x = positionChannel(forest.axis, forest.title);
  return {
    width,
    height: forest.rows.length * rowHeight,
    padding: frame,
    layer: [
      lineLayer(x, { at: forest.reference, color: 'var(--line-strong)', dash: [] }),
      lineLayer(x, { at: forest.limit, color: 'var(--mark-regressed)', dash: [4, 3] }),
      dotsLayer(x, forest),
      { data: { values: estimateRows(forest) }, layer: estimateLayers(x, forest) },
    ],
  };
}

function lineLayer(x: X, { at, color, dash }: { at: number; color: string; dash: number[] }): UnitLayer {
  return {
    data: { values: [{ at }] },
    mark: { type: 'rule', color, strokeWidth: 1.5, strokeDash: dash, clip: true },
    encoding: { x: { field: 'at', ...x } },
  };
}

function dotsLayer(x: X, forest: Forest): UnitLayer {
  const values = forest.rows.flatMap(({ mark, dots }, index) =>
    dots.map((value) => ({ mark, value, row: index + place.estimate })),
  );
  return {
    data: { values },
    mark: { type: 'point', filled: true, opacity: 0.45, size: 34, clip: true },
    encoding: { x: { field: 'value', ...x }, y: rowChannel('row', forest), color: colour() },
  };
}

function estimateRows({ rows }: Forest): Record<string, string | number>[] {
  return rows.map(({ label, mark, value, interval }, index) => ({
    label,
    mark,
    value,
    low: interval?.low ?? value,
    high: interval?.high ?? value,
    row: index + place.estimate,
    labelRow: index + place.name,
  }));
}

function estimateLayers(x: X, forest: Forest): UnitLayer[] {
  const y = rowChannel('row', forest);
  const shape = { field: 'mark', type: 'nominal', scale: markShapes } as const;
  return [
    {
      mark: { type: 'rule', strokeWidth: 2, clip: true },
      encoding: { x: { field: 'low', ...x }, x2: { field: 'high' }, y, color: colour() },
    },
    {
      mark: { type: 'point', filled: true, opacity: 1, size: 80 },
      encoding: { x: { field: 'value', ...x }, y, color: colour(), shape },
    },
    ...textLayers('left', {
      x: { value: 0 },
      y: rowChannel('labelRow', forest),
      text: { field: 'label' },
      fill: { value: 'var(--fg)' },
    }),
  ];
}

type Channel<Name extends 'y' | 'color'> = NonNullable<NonNullable<UnitLayer['encoding']>[Name]>;

function rowChannel(field: string, { rows }: Forest): Channel<'y'> {
  const scale = { domain: [rows.length, 0], nice: false, zero: false };
  return { field, type: 'quantitative', scale, axis: null };
}

function colour(): Channel<'color'> {
  return { field: 'mark', type: 'nominal', scale: markColours };
}
