import { blockSize } from './block-size.ts';
import type { RowLoss } from './losses.ts';

const binBits = 10;
const bins = 1 << binBits;

/** A number from 1 to 2 of each bin, and what its logarithm is worked out from. */
const centres = Float64Array.from({ length: bins }, (_, bin) => 1 + (bin + 0.5) / bins);
const inverses = centres.map((centre) => 1 / centre);
const logarithms = centres.map(Math.log);

/** What brings a number of each exponent between 1 and 2; NaN where there is none: for 0, subnormal and infinite numbers. */
const powers = Float64Array.from({ length: 2048 }, (_, exponent) =>
  exponent === 0 || exponent === 2047 ? NaN : 2 ** (1023 - exponent),
);

/** The logarithm of the power of two of each exponent: quicker looked up than made from an integer. */
const powerLogarithms = Float64Array.from({ length: 2048 }, (_, exponent) => (exponent - 1023) * Math.LN2);

/** Working memory of one block, here because a loop reads a constant's memory a third faster than a variable's. */
const ratios = new Float64Array(blockSize);
const halves = new Int32Array(ratios.buffer);

/**
 * The sum of (ln(1 + y) - ln(1 + p))^2 over rows, in a third of the time of two `Math.log1p`: the logarithm of the ratio, from a
 * table of 1024 and four terms of its series (Tang 1990), to 2e-16. Not finite where a predicted
 * value is -1 or below; no expected one is.
 */
export function squaredLogRatios(expected: Float64Array, predicted: Float64Array): RowLoss {
  return (start, end) => {
    for (let i = start; i < end; i++) ratios[i - start] = (1 + expected[i]!) / (1 + predicted[i]!);
    let sum = 0;
    for (let place = 0; place < end - start; place++) {
      const upper = halves[2 * place + 1]!;
      const logarithm = logarithmOf(ratios[place]!, upper);
      sum += logarithm * logarithm;
    }
    return Number.isFinite(sum) ? sum : plainSum(expected, predicted, [start, end]);
  };
}

/** From a number and the upper half of its bits: 11 of exponent and the first 20 behind the point. */
function logarithmOf(value: number, upper: number): number {
  const bin = (upper >> (20 - binBits)) & (bins - 1);
  const exponent = upper >>> 20;
  const rest = (value * powers[exponent]! - centres[bin]!) * inverses[bin]!;
  const series = rest * (1 - rest * (1 / 2 - rest * (1 / 3 - rest * (1 / 4))));
  return powerLogarithms[exponent]! + (logarithms[bin]! + series);
}

/** Where a ratio is beyond the range of normal numbers. */
function plainSum(
  expected: Float64Array,
  predicted: Float64Array,
  [start, end]: readonly [number, number],
): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += (Math.log1p(expected[i]!) - Math.log1p(predicted[i]!)) ** 2;
  return sum;
}
