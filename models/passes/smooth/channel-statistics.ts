import { AssayError } from '../../../core/errors.ts';
import type { OnnxModel } from '../../onnx/model.ts';
import type { Calibration } from '../calibration.ts';

/** The smallest and the largest number of each channel, a place of the last axis. */
export interface Extent {
  low: Float64Array;
  high: Float64Array;
}

/** A third of the samples. */
export interface Fold {
  extent: Extent;
  /** Rows of all channels, to judge by what was fitted on the other folds; at most `mostRows`. */
  rows: Float32Array[];
}

/** What a value came out as on calibration data. */
export interface ChannelStatistics {
  folds: readonly Fold[];
}

const foldCount = 3;
/** So many that they take less memory than the weights of all but the narrowest products. */
const mostRows = 256;
/** Of one sample, that a few long ones do not stand for all. */
const mostOfSample = 8;

interface Gathered extends ChannelStatistics {
  samples: number;
  /** Not finite where one of the values is not. */
  sum: number;
}

/** Of values of so many channels, by name: a few numbers a channel and some rows are kept, however much data there is. */
export async function channelStatistics(
  model: OnnxModel,
  channels: ReadonlyMap<string, number>,
  calibration: Calibration,
): Promise<ReadonlyMap<string, ChannelStatistics>> {
  const found = new Map([...channels].map(([name, count]) => [name, nothing(count)]));
  for await (const batch of calibration.activations(model, [...channels.keys()])) {
    for (const [name, gathered] of found) {
      const { data, shape } = batch[name]!;
      const [samples = 1] = shape.length > 1 ? shape : [];
      const size = data.length / samples;
      for (let start = 0; start < data.length; start += size)
        addSample(gathered, (data as Float32Array).subarray(start, start + size));
    }
  }
  for (const [name, gathered] of found) assertFinite(name, gathered);
  return found;
}

function nothing(channels: number): Gathered {
  const folds = Array.from({ length: foldCount }, () => ({ extent: emptyExtent(channels), rows: [] }));
  return { folds, samples: 0, sum: 0 };
}

function emptyExtent(channels: number): Extent {
  return { low: new Float64Array(channels).fill(Infinity), high: new Float64Array(channels).fill(-Infinity) };
}

/** That of several folds together. */
export function extentOf(folds: readonly Fold[]): Extent {
  const extent = emptyExtent(folds[0]?.extent.low.length ?? 0);
  for (const { low, high } of folds.map((fold) => fold.extent)) {
    for (let channel = 0; channel < low.length; channel++) {
      extent.low[channel] = Math.min(extent.low[channel]!, low[channel]!);
      extent.high[channel] = Math.max(extent.high[channel]!, high[channel]!);
    }
  }
  return extent;
}

function addSample(gathered: Gathered, values: Float32Array): void {
  const { extent, rows } = gathered.folds[gathered.samples++ % foldCount]!;
  gathered.sum += widen(extent, values);
  if (rows.length < mostRows) rows.push(...someRows(values, extent.low.length));
}

/** Returns the sum of magnitudes. */
function widen({ low, high }: Extent, values: Float32Array): number {
  const count = low.length;
  let sum = 0;
  for (let start = 0; start < values.length; start += count) {
    for (let channel = 0; channel < count; channel++) {
      const value = values[start + channel]!;
      if (value < low[channel]!) low[channel] = value;
      if (value > high[channel]!) high[channel] = value;
      sum += Math.abs(value);
    }
  }
  return sum;
}

/** Copies, evenly spread: the values themselves are gone with their batch. */
function someRows(values: Float32Array, channels: number): Float32Array[] {
  const rows = values.length / channels;
  const taken = Math.min(rows, mostOfSample);
  return Array.from({ length: taken }, (_, index) => {
    const start = Math.floor((index * rows) / taken) * channels;
    return values.slice(start, start + channels);
  });
}

function assertFinite(name: string, { samples, sum }: Gathered): void {
  if (samples > 0 && Number.isFinite(sum)) return;
  const why = samples === 0 ? 'has no row' : 'is NaN or infinite';
  throw new AssayError('dataset-invalid', `The value "${name}" ${why} on the calibration data.`);
}
