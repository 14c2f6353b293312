/** A continuous axis: the ends of its domain and the values that get a tick, in the unit of the data. */
export interface Axis {
  scale: 'linear' | 'log';
  low: number;
  high: number;
  ticks: readonly number[];
}

const mantissas = [
  [1],
  [1, 3],
  [1, 2, 5],
  [1, 1.5, 2, 3, 5, 7],
  [1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9],
] as const;
const [minTicks, maxTicks] = [3, 6];

/** Whether a figure has a place on an axis; one out of all proportion would leave no room for the others. */
export function isDrawable(value: number): boolean {
  return value === 0 || (Math.abs(value) > 1e-9 && Math.abs(value) < 1e12);
}

/** A logarithmic axis around the positive ones of some drawable values, with room at both ends and 3 to 6 round ticks. */
export function logAxis(values: readonly number[]): Axis {
  const positive = values.filter((value) => value > 0);
  const [min, max] = [Math.min(...positive), Math.max(...positive)];
  const room = Math.max(0.06, 0.12 * Math.log10(max / min));
  const [low, high] = [min / 10 ** room, max * 10 ** room];
  return { scale: 'log', low, high, ticks: logTicks(low, high) };
}

function logTicks(low: number, high: number): number[] {
  const series = mantissas.map((steps) => roundValues(steps, low, high));
  const rich = series.filter((ticks) => ticks.length >= minTicks && ticks.length <= maxTicks).at(-1);
  return rich ?? linearTicks(low, high);
}

function roundValues(steps: readonly number[], low: number, high: number): number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const powers = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return powers
    .flatMap((power) => steps.map((step) => Number((step * 10 ** power).toPrecision(3))))
    .filter((value) => value >= low && value <= high);
}

/** A linear axis around drawable values, with room at both ends and at least 3 round ticks. */
export function linearAxis(values: readonly number[]): Axis {
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const span = max > min ? max - min : Math.abs(max) || 1;
  const [low, high] = [min - 0.12 * span, max + 0.12 * span];
  return { scale: 'linear', low, high, ticks: linearTicks(low, high) };
}

function linearTicks(low: number, high: number): number[] {
  const power = 10 ** Math.floor(Math.log10(high - low));
  const steps = [5, 2, 1, 0.5, 0.2].map((mantissa) => multiplesOf(mantissa * power, low, high));
  return steps.find((ticks) => ticks.length >= minTicks) ?? [];
}

function multiplesOf(step: number, low: number, high: number): number[] {
  const first = Math.ceil(low / step);
  const count = Math.max(0, Math.floor(high / step) - first + 1);
  return Array.from({ length: count }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** Pixels from the low end of an axis that is so long. */
export function toPixels(axis: Axis, value: number, length: number): number {
  const place = axis.scale === 'log' ? Math.log : Number;
  return ((place(value) - place(axis.low)) / (place(axis.high) - place(axis.low))) * length;
}

/** The value at so many pixels from the low end; the inverse of `toPixels`. */
export function fromPixels(axis: Axis, pixels: number, length: number): number {
  const share = pixels / length;
  if (axis.scale === 'log') return axis.low * (axis.high / axis.low) ** share;
  return axis.low + share * (axis.high - axis.low);
}
