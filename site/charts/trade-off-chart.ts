import { timeScale } from '../views/format.ts';
import type { PlotSize, TradeOff } from '../views/trade-off.ts';
import { positionChannel, textLayers, type LayeredChart, type UnitLayer } from './layers.ts';
import { markShapes, seriesColour } from './theme.ts';

/** Room for the axes around the plot, in pixels. */
const frame = { left: 46, right: 16, top: 26, bottom: 38 };

type Row = Record<string, string | number>;
type Encoding = NonNullable<UnitLayer['encoding']>;

interface Channels {
  x: ReturnType<typeof positionChannel>;
  y: ReturnType<typeof positionChannel>;
  color: NonNullable<Encoding['color']>;
}

/** Quality against latency, with intervals, the Pareto frontier, a shape for each verdict and a colour for each target. */
export function tradeOffChart(view: TradeOff, targets: readonly string[], size: PlotSize): LayeredChart {
  const { unit, perMs } = timeScale(view.points.map(({ latencyMs }) => latencyMs));
  const x = positionChannel(view.latencyAxis, `Median latency, ${unit} (log), lower is better`, perMs);
  const y = positionChannel(view.qualityAxis, qualityTitle(view));
  y.axis.titleX = -frame.left;
  const range = targets.map((_, index) => seriesColour(index));
  const channels: Channels = {
    x,
    y,
    color: { field: 'target', type: 'nominal', scale: { domain: [...targets], range } },
  };
  const values = view.points.map((point) => pointRow(point, perMs));
  const frontier = view.frontier.map(({ latencyMs, quality }) => ({ x: latencyMs * perMs, y: quality }));
  return {
    ...size,
    padding: frame,
    layer: [
      frontierLayer(frontier, channels),
      { data: { values }, layer: [...whiskers(channels), dots(channels), ...labels(channels)] },
    ],
  };
}

function qualityTitle({ metric, unit, direction }: TradeOff): string {
  const better = direction === 'higher-is-better' ? 'higher is better' : 'lower is better';
  return `${metric}${unit === '' ? '' : `, ${unit}`}, ${better}`;
}

function frontierLayer(values: Row[], { x, y }: Channels): UnitLayer {
  const stroke = { color: 'var(--line-strong)', strokeDash: [4, 3] };
  return {
    data: { values },
    mark: { type: 'line', interpolate: 'step-after', clip: true, ...stroke },
    encoding: { x: { field: 'x', ...x }, y: { field: 'y', ...y } },
  };
}

function whiskers({ x, y, color }: Channels): UnitLayer[] {
  const mark = { type: 'rule', strokeWidth: 1.5, opacity: 0.55, clip: true } as const;
  return [
    {
      mark,
      encoding: { x: { field: 'xLow', ...x }, x2: { field: 'xHigh' }, y: { field: 'y', ...y }, color },
    },
    {
      mark,
      encoding: { x: { field: 'x', ...x }, y: { field: 'yLow', ...y }, y2: { field: 'yHigh' }, color },
    },
  ];
}

function dots({ x, y, color }: Channels): UnitLayer {
  const shape = { field: 'mark', type: 'nominal', scale: markShapes } as const;
  return {
    mark: { type: 'point', opacity: 1, size: 90, strokeWidth: 1 },
    encoding: {
      x: { field: 'x', ...x },
      y: { field: 'y', ...y },
      fill: color,
      stroke: { value: 'var(--bg)' },
      shape,
    },
  };
}

function labels({ x, y, color: fill }: Channels): UnitLayer[] {
  const at = { x: { field: 'labelX', ...x }, y: { field: 'labelY', ...y } };
  return textLayers({ expr: 'datum.align' }, { ...at, text: { field: 'label' }, fill });
}

function pointRow(point: TradeOff['points'][number], perMs: number): Row {
  const { latencyMs, quality, latencyInterval, qualityInterval, label } = point;
  return {
    target: point.target,
    mark: point.mark,
    x: latencyMs * perMs,
    xLow: latencyInterval.low * perMs,
    xHigh: latencyInterval.high * perMs,
    y: quality,
    yLow: qualityInterval.low,
    yHigh: qualityInterval.high,
    label: label.text,
    labelX: label.latencyMs * perMs,
    labelY: label.quality,
    align: label.align,
  };
}
