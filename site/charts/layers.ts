import type { TopLevelSpec } from 'vega-lite';
import type { Axis } from '../views/axis.ts';

export type LayeredChart = Extract<TopLevelSpec, { layer: unknown }>;
type Layer = LayeredChart['layer'][number];
export type UnitLayer = Extract<Layer, { mark: unknown }>;

/** A continuous position on an axis of our own making: its domain and ticks are given, so nothing is rounded or nudged. */
interface PositionChannel {
  type: 'quantitative';
  title: string;
  scale: { type: 'linear' | 'log'; domain: number[]; nice: false };
  axis: { values: number[]; format: string; grid: true; titleX?: number };
}

/** `perUnit` turns the axis's values into those of the data, e.g. 1000 for an axis in ms and data in µs. */
export function positionChannel(axis: Axis, title: string, perUnit = 1): PositionChannel {
  return {
    type: 'quantitative',
    title,
    scale: { type: axis.scale, domain: [axis.low * perUnit, axis.high * perUnit], nice: false },
    // Without digits of its own a format gets those of the step, and 40 in steps of 20 reads 4e+1.
    axis: { values: axis.ticks.map((tick) => tick * perUnit), format: '.6~g', grid: true },
  };
}

/** Texts above copies of themselves in the colour of the page, so that lines behind do not cross the letters. */
export function textLayers(
  align: 'left' | { expr: string },
  encoding: NonNullable<UnitLayer['encoding']>,
): UnitLayer[] {
  const mark = { type: 'text', fontSize: 12, baseline: 'middle', align } as const;
  const page = { value: 'var(--bg)' };
  return [
    { mark: { ...mark, strokeWidth: 4 }, encoding: { ...encoding, fill: page, stroke: page } },
    { mark, encoding },
  ];
}
