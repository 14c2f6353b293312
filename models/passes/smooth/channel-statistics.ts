import { AssayError } from '../../../core/errors.ts';
import type { OnnxModel } from '../../onnx/model.ts';
import type { Calibration } from '../calibration.ts';

/** What a value came out as on calibration data, for each place of its last axis. */
export interface ChannelStatistics {
  low: Float64Array;
  high: Float64Array;
  meanSquare: Float64Array;
}

/** Of values of so many channels, by name: three numbers a channel are kept, however much data there is. */
export async function channelStatistics(
  model: OnnxModel,
  channels: ReadonlyMap<string, number>,
  calibration: Calibration,
): Promise<ReadonlyMap<string, ChannelStatistics>> {
  const found = new Map([...channels].map(([name, count]) => [name, emptyStatistics(count)]));
  const rows = new Map<string, number>();
  for await (const batch of calibration.activations(model, [...channels.keys()])) {
    for (const [name, statistics] of found) {
      const values = batch[name]?.data as Float32Array;
      rows.set(name, (rows.get(name) ?? 0) + values.length / statistics.low.length);
      addTo(statistics, values);
    }
  }
  for (const [name, statistics] of found) finish(name, statistics, rows.get(name) ?? 0);
  return found;
}

function emptyStatistics(count: number): ChannelStatistics {
  return {
    low: new Float64Array(count).fill(Infinity),
    high: new Float64Array(count).fill(-Infinity),
    meanSquare: new Float64Array(count),
  };
}

function addTo({ low, high, meanSquare }: ChannelStatistics, values: Float32Array): void {
  const count = low.length;
  for (let start = 0; start < values.length; start += count) {
    for (let channel = 0; channel < count; channel++) {
      const value = values[start + channel]!;
      if (value < low[channel]!) low[channel] = value;
      if (value > high[channel]!) high[channel] = value;
      meanSquare[channel] = meanSquare[channel]! + value * value;
    }
  }
}

function finish(name: string, { meanSquare }: ChannelStatistics, rows: number): void {
  for (let channel = 0; channel < meanSquare.length; channel++)
    meanSquare[channel] = meanSquare[channel]! / rows;
  if (rows > 0 && meanSquare.every(Number.isFinite)) return;
  const why = rows === 0 ? 'has no row' : 'is NaN or infinite';
  throw new AssayError('dataset-invalid', `The value "${name}" ${why} on the calibration data.`);
}
