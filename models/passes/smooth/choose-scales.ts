import type { ChannelStatistics } from './channel-statistics.ts';

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
 * products are expected to err least, or null where none errs less than no scales.
 */
export function chooseScales(input: SmoothedInput, alpha: number | 'auto'): ChosenScales | null {
  if (alpha !== 'auto') return { alpha, scales: scalesFor(input, alpha) };
  const unscaled = new Float64Array(input.statistics.low.length).fill(1);
  let best: ChosenScales | null = null;
  let least = expectedError(input, unscaled);
  for (const tried of triedAlphas) {
    const scales = scalesFor(input, tried);
    const error = expectedError(input, scales);
    if (error < least) [best, least] = [{ alpha: tried, scales }, error];
  }
  return best;
}

/** A channel that is always zero, or that no weight reads, stays as it is. */
function scalesFor({ statistics, weights }: SmoothedInput, alpha: number): Float64Array {
  const { low, high } = statistics;
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
 * Mean squared error of the products in integers, to be expected of rounding alone: a twelfth of the square of a step for every number,
 * activations with one step of 255 for all channels, weights with one of 254 for each output.
 */
function expectedError(
  { statistics, weights: { data, outputs } }: SmoothedInput,
  scales: Float64Array,
): number {
  const { low, high, meanSquare } = statistics;
  let [bottom, top, power] = [0, 0, 0];
  for (let channel = 0; channel < scales.length; channel++) {
    bottom = Math.min(bottom, low[channel]! / scales[channel]!);
    top = Math.max(top, high[channel]! / scales[channel]!);
    power += meanSquare[channel]! / scales[channel]! ** 2;
  }
  const largest = new Float64Array(outputs);
  let squares = 0;
  for (let channel = 0; channel < scales.length; channel++) {
    for (let output = 0; output < outputs; output++) {
      const weight = Math.abs(data[channel * outputs + output]! * scales[channel]!);
      squares += weight * weight;
      if (weight > largest[output]!) largest[output] = weight;
    }
  }
  const weightSteps = largest.reduce((sum, weight) => sum + (weight / 127) ** 2, 0);
  return ((top - bottom) / 255) ** 2 * squares + weightSteps * power;
}
