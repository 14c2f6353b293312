import type { Interval } from '../../core/verdict.ts';

const minus = '\u2212';
const maxDecimals = 6;

const formats = Array.from(
  { length: maxDecimals + 1 },
  (_, decimals) =>
    new Intl.NumberFormat('en-US', {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
      useGrouping: 'min2',
    }),
);

/** A number with 0 to 6 decimals, grouped thousands and a true minus sign; with an exponent where digits would not end. */
export function formatNumber(value: number, decimals: number): string {
  const text =
    Math.abs(value) < 1e15 ? (formats[decimals]?.format(value) ?? String(value)) : value.toExponential(3);
  return /[1-9]/.test(text) ? text.replace('-', minus) : text.replace('-', '');
}

/** As `formatNumber`, with a sign in front of everything that is not zero. */
export function formatSigned(value: number, decimals: number): string {
  const text = formatNumber(value, decimals);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** `0.971–0.990`, or `−0.011 to +0.007` where a bound may be negative. */
export function formatRange({ low, high }: Pick<Interval, 'low' | 'high'>, decimals: number): string {
  return `${formatNumber(low, decimals)}–${formatNumber(high, decimals)}`;
}

export function formatSignedRange({ low, high }: Pick<Interval, 'low' | 'high'>, decimals: number): string {
  return `${formatSigned(low, decimals)} to ${formatSigned(high, decimals)}`;
}

/** A value and how sure it is. */
export interface Estimate {
  value: number;
  interval: Pick<Interval, 'low' | 'high'> | null;
}

/** Decimals for a column: two significant digits of the narrowest interval, or four of a value without one. */
export function decimalsFor(estimates: readonly Estimate[]): number {
  return Math.max(0, ...estimates.map((one) => decimalsOf(one, 4)));
}

/** Decimals for differences: two significant digits of the narrowest interval, and of a difference without one. */
export function decimalsForDifferences(differences: readonly Estimate[]): number {
  return Math.max(0, ...differences.map((one) => decimalsOf(one, 2)));
}

function decimalsOf({ value, interval }: Estimate, digits: number): number {
  const halfWidth = interval === null ? 0 : (interval.high - interval.low) / 2;
  if (halfWidth > 0) return decimalsToShow(halfWidth, 2);
  return value === 0 ? 0 : decimalsToShow(Math.abs(value), digits);
}

/** A baseline, a variant and how they differ. */
interface Compared extends Pick<Estimate, 'interval'> {
  baseline: number;
  variant: number;
  difference: number;
}

/** Decimals for a comparison: those of the difference, and four digits of what is compared where no interval tells how many count. */
export function decimalsOfComparison({ baseline, variant, difference, interval }: Compared): number {
  const decimals = decimalsForDifferences([{ value: difference, interval }]);
  if (interval !== null && interval.low < interval.high) return decimals;
  const value = Math.max(Math.abs(baseline), Math.abs(variant));
  return Math.max(decimals, decimalsFor([{ value, interval: null }]));
}

/** `−0.012 (−0.051 to +0.020)`. */
export function formatChange({ value, interval }: Estimate, decimals: number): string {
  const range = interval === null ? '' : ` (${formatSignedRange(interval, decimals)})`;
  return `${formatSigned(value, decimals)}${range}`;
}

/** Decimals that show so many significant digits of a positive number. */
export function decimalsToShow(magnitude: number, digits: number): number {
  // Of the number as it will be written: 0.000999 to two digits is 0.0010.
  const exponent = Number(magnitude.toExponential(digits - 1).split('e')[1]);
  const decimals = digits - 1 - exponent;
  return Math.min(maxDecimals, Math.max(0, decimals));
}

/** A positive number to so many significant digits, without an exponent. */
export function formatSignificant(value: number, digits = 3): string {
  return formatNumber(value, value === 0 ? 0 : decimalsToShow(Math.abs(value), digits));
}

/** To three digits; with an exponent where there would be more zeros than digits. */
export function formatDistance(distance: number): string {
  return isTiny(distance) ? distance.toExponential(1) : formatSignificant(distance);
}

/** `0.359–0.426`; with exponents where the distance has one. */
export function formatDistanceRange(distance: number, { low, high }: Pick<Interval, 'low' | 'high'>): string {
  const format = (bound: number): string =>
    isTiny(distance) && bound !== 0 ? bound.toExponential(1) : formatDistance(bound);
  return `${format(low)}–${format(high)}`;
}

function isTiny(distance: number): boolean {
  return distance !== 0 && Math.abs(distance) < 1e-4;
}

/** A p value to two digits; one below 0.0001 says only that. */
export function formatP(p: number): string {
  return p < 0.0001 ? '< 0.0001' : formatSignificant(p, 2);
}

/** How a column of times is written. */
export interface TimeScale {
  unit: 'µs' | 'ms' | 's';
  /** Times of this unit in a millisecond. */
  perMs: number;
}

/** The unit in which the smallest of some times has digits before the point; milliseconds where there is none. */
export function timeScale(timesMs: readonly number[]): TimeScale {
  const smallest = timesMs.length === 0 ? 1 : Math.min(...timesMs);
  if (smallest < 0.1) return { unit: 'µs', perMs: 1000 };
  return smallest >= 1000 ? { unit: 's', perMs: 0.001 } : { unit: 'ms', perMs: 1 };
}

/** `0.113 ms`, in the unit that fits the one time. */
export function formatTime(timeMs: number): string {
  const { unit, perMs } = timeScale([timeMs]);
  return `${formatSignificant(timeMs * perMs)} ${unit}`;
}

/** Decimals for a column of ratios: two, or three where one of them is within 2 % of no difference. */
export function decimalsForTimes(ratios: readonly Estimate[]): number {
  return ratios.some(({ value }) => Math.abs(value - 1) < 0.02) ? 3 : 2;
}

/** `1.32×`; as many decimals as the caller's column has. */
export function formatTimes(ratio: number, decimals = 2): string {
  return `${formatNumber(ratio, decimals)}×`;
}

/** `2.1 %` of a share of 0.021. */
export function formatPercent(share: number, digits = 2): string {
  return `${formatSignificant(share * 100, digits).replace(/\.0+$/, '')} %`;
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `152 kB`, in powers of 1000. */
export function formatBytes(bytes: number): string {
  const power = Math.min(byteUnits.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  return `${formatSignificant(bytes / 1000 ** power)} ${byteUnits[power] ?? 'B'}`;
}

/** `2026-11-20` of an ISO time stamp. */
export function formatDate(timestamp: string): string {
  return timestamp.slice(0, 10);
}

/** `2026-11-20 09:04 UTC` of an ISO time stamp. */
export function formatMoment(timestamp: string): string {
  return `${formatDate(timestamp)} ${timestamp.slice(11, 16)} UTC`;
}

/** `21 min 40 s`, `8.4 s`, `340 ms`; less than a millisecond is not told apart. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1) return '< 1 ms';
  if (durationMs < 1000) return `${formatSignificant(durationMs, 2)} ms`;
  const seconds = durationMs / 1000;
  if (seconds < 60) return `${formatSignificant(seconds, 2)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** The start of a text that nobody bounded, for headings and labels. */
export function clip(text: string, length = 120): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}

/** `3 variants`, `1 variant`. */
export function formatCount(count: number, noun: string): string {
  return `${formatNumber(count, 0)} ${count === 1 ? noun : `${noun}s`}`;
}
