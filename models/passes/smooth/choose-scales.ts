import { extentOf, type ChannelStatistics, type Extent, type Fold } from './channel-statistics.ts';

/** Products of one input: its statistics and their weights, side by side as [channels][outputs]. */
export interface SmoothedInput {
  statistics: ChannelStatistics;
  weights: { data: Float32Array; outputs: number };
}

/** What each channel is divided by, its weights being multiplied by the same, and the exponent that gave it. */
export interface ChosenScales {
  alpha: number;
  scales: Float64Array;
}

const triedAlphas = [0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7];

/**
 * Scales that move the spread of channels from activations to weights (SmoothQuant, Xiao et al. 2022): the largest magnitude of the
 * activation to the power of alpha, over that of the weight to the power of 1 - alpha. `auto` takes of several alphas the one whose
 * products err least on samples that its scales were not fitted on, or null where none errs less there than no scales, in each of three folds: the closer the scales bring the
 * reach of all channels, the more values of other samples lie beyond it.
 */
export function chooseScales(input: SmoothedInput, alpha: number | 'auto'): ChosenScales | null {
  const { folds } = input.statistics;
  const chosen = alpha === 'auto' ? bestAlpha(input) : alpha;
  return chosen === null
    ? null
    : { alpha: chosen, scales: scalesFor(input.weights, extentOf(folds), chosen) };
}

function bestAlpha({ statistics: { folds }, weights }: SmoothedInput): number | null {
  // Of fewer samples than folds none can be held out.
  if (folds.some(({ rows }) => rows.length === 0)) return null;
  const errorsWith = (alpha: number | null): number[] =>
    folds.map((heldOut) => {
      const fitted = extentOf(folds.filter((fold) => fold !== heldOut));
      const scales = alpha === null ? fitted.low.map(() => 1) : scalesFor(weights, fitted, alpha);
      return heldOutError(weights, scales, { fitted, heldOut });
    });
  const unscaled = errorsWith(null);
  let best: number | null = null;
  let least = Infinity;
  for (const tried of triedAlphas) {
    const errors = errorsWith(tried);
    const error = errors.reduce((sum, one) => sum + one, 0);
    // In one fold a single value beyond the range can decide for either.
    const isBetter = errors.every((one, index) => one < unscaled[index]!);
    if (isBetter && error < least) [best, least] = [tried, error];
  }
  return best;
}

/** A channel that is always zero, or that no weight reads, stays as it is. */
function scalesFor(weights: SmoothedInput['weights'], { low, high }: Extent, alpha: number): Float64Array {
  return low.map((smallest, channel) => {
    const activation = Math.max(Math.abs(smallest), Math.abs(high[channel]!));
    const weight = largestOfRow(weights, channel);
    const scale = activation ** alpha / weight ** (1 - alpha);
    return activation > 0 && weight > 0 && Number.isFinite(scale) ? Math.min(1e5, Math.max(1e-5, scale)) : 1;
  });
}

function largestOfRow({ data, outputs }: SmoothedInput['weights'], row: number): number {
  let largest = 0;
  for (let at = row * outputs; at < (row + 1) * outputs; at++) {
    const magnitude = Math.abs(data[at]!);
    if (magnitude > largest) largest = magnitude;
  }
  return largest;
}

/**
 * Mean squared error of the products of a row in integers: of activations what rounding and cutting to the range of the fitted samples changes in the
 * rows held out, of weights what is expected of rounding alone, a twelfth of the square of a step of 127 for each output.
 */
function heldOutError(
  { data, outputs }: SmoothedInput['weights'],
  scales: Float64Array,
  split: Split,
): number {
  const { errors, power } = roundingOf(split, scales);
  const largest = new Float64Array(outputs);
  let total = 0;
  for (let channel = 0; channel < scales.length; channel++) {
    let squares = 0;
    for (let output = 0; output < outputs; output++) {
      const weight = Math.abs(data[channel * outputs + output]! * scales[channel]!);
      squares += weight * weight;
      if (weight > largest[output]!) largest[output] = weight;
    }
    total += squares * errors[channel]!;
  }
  const weightSteps = largest.reduce((sum, weight) => sum + (weight / 127) ** 2, 0);
  return total + (weightSteps * power) / 12;
}

interface Split {
  fitted: Extent;
  heldOut: Fold;
}

/** Mean squared errors of the channels of rows held out, in 255 steps of the range of the fitted ones, and the mean square of a row. */
function roundingOf(
  { fitted, heldOut: { rows } }: Split,
  scales: Float64Array,
): { errors: Float64Array; power: number } {
  const bottom = fitted.low.reduce((least, low, channel) => Math.min(least, low / scales[channel]!), 0);
  const top = fitted.high.reduce((most, high, channel) => Math.max(most, high / scales[channel]!), 0);
  const step = (top - bottom) / 255 || 1;
  const errors = new Float64Array(scales.length);
  let power = 0;
  for (const row of rows) {
    for (let channel = 0; channel < scales.length; channel++) {
      const value = row[channel]! / scales[channel]!;
      const rounded = Math.round(Math.min(top, Math.max(bottom, value)) / step) * step;
      errors[channel] = errors[channel]! + (value - rounded) ** 2 / rows.length;
      power += value ** 2 / rows.length;
    }
  }
  return { errors, power };
}
