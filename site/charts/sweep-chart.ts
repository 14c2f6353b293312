import type { Sweep } from '../views/scenario-sweep.ts';
import type { PlotSize } from '../views/trade-off.ts';
import { positionChannel, textLayers, type LayeredChart, type UnitLayer } from './layers.ts';
import { seriesColour } from './theme.ts';

/** Room for the axes around the plot, in pixels. */
const frame = { left: 46, right: 16, top: 26, bottom: 38 };

type Encoding = NonNullable<UnitLayer['encoding']>;

interface Channels {
  x: ReturnType<typeof positionChannel>;
  y: ReturnType<typeof positionChannel>;
  color: NonNullable<Encoding['color']>;
}

/** A figure over the settings of a sweep: a line a variant, hollow points where a bound was not met, a dashed line at it. */
export function sweepChart(view: Sweep, size: PlotSize): LayeredChart {
  const names = view.series.map(({ name }) => name);
  const y = positionChannel(view.yAxis, view.yTitle);
  y.axis.titleX = -frame.left;
  const range = names.map((_, index) => seriesColour(index));
  const channels: Channels = {
    x: positionChannel(view.xAxis, view.xTitle),
    y,
    color: { field: 'name', type: 'nominal', scale: { domain: names, range } },
  };
  return {
    ...size,
    padding: frame,
    layer: [...limitLayer(view, channels), pointLayers(view, channels), labelLayer(view, channels)],
  };
}

function limitLayer({ limit }: Sweep, { y }: Channels): UnitLayer[] {
  if (limit === null) return [];
  const dashed = { color: 'var(--mark-regressed)', strokeWidth: 1.5, strokeDash: [4, 3] };
  return [
    {
      data: { values: [{ limit }] },
      mark: { type: 'rule', ...dashed },
      encoding: { y: { field: 'limit', ...y } },
    },
  ];
}

function pointLayers({ series }: Sweep, { x, y, color }: Channels): LayeredChart['layer'][number] {
  const values = series.flatMap(({ name, points }) =>
    points.map((point) => ({
      name,
      x: point.x,
      y: point.y,
      low: point.interval?.low ?? point.y,
      high: point.interval?.high ?? point.y,
      fill: point.isMet ? 1 : 0,
    })),
  );
  const at = { x: { field: 'x', ...x }, y: { field: 'y', ...y } };
  const opacity = { field: 'fill', type: 'quantitative', scale: { domain: [0, 1], range: [0, 1] } } as const;
  return {
    data: { values },
    layer: [
      { mark: { type: 'line', strokeWidth: 1.5, opacity: 0.7, clip: true }, encoding: { ...at, color } },
      {
        mark: { type: 'rule', strokeWidth: 1.5, opacity: 0.55, clip: true },
        encoding: { x: at.x, y: { field: 'low', ...y }, y2: { field: 'high' }, color },
      },
      {
        mark: { type: 'point', size: 44, strokeWidth: 1.5, opacity: 1 },
        encoding: { ...at, stroke: color, fill: color, fillOpacity: opacity },
      },
    ],
  };
}

function labelLayer({ series }: Sweep, { x, y, color: fill }: Channels): LayeredChart['layer'][number] {
  const values = series.map(({ name, label }) => ({ name, ...label }));
  const at = { x: { field: 'x', ...x }, y: { field: 'y', ...y } };
  return {
    data: { values },
    layer: textLayers({ expr: 'datum.align' }, { ...at, text: { field: 'name' }, fill }),
  };
}
