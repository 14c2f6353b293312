import type { Tensors } from '../../core/tensor.ts';
import type { OnnxModel } from '../onnx/model.ts';
import type { ActivationType } from './affine.ts';
import type { Calibration } from './calibration.ts';
import { entropyRange } from './entropy-range.ts';
import { findExtremes } from './extremes.ts';
import { addToHistogram, createHistogram, type Histogram, type Range } from './histogram.ts';
import { leastErrorRange } from './mse-range.ts';
import { percentileRange } from './percentile-range.ts';

/** How the range of a value is taken from what it came out as. */
export const rangeMethods = ['min-max', 'moving-average', 'percentile', 'entropy', 'mse'] as const;
export type RangeMethod = (typeof rangeMethods)[number];

/** Which ranges are wanted. */
export interface RangeRequest {
  names: readonly string[];
  method: RangeMethod;
  /** What the ranges are for; `mse` weighs the error of this type. */
  type: ActivationType;
}

/** Weight of a new batch in the moving average, as in onnxruntime 1.30. */
const averagingConstant = Math.fround(0.01);
/** Enough that `entropy` has a choice: with as many bins as levels it can only return the whole range. */
const bins = 2048;
/** Of an 8-bit integer, whose range holds both signs. */
const entropyLevels = 256;
const percent = 99.999;

/**
 * Ranges of a model's float32 values over calibration data, by name. The data are walked once for the extremes and, for the methods
 * that need one, again for a histogram over them: what is kept is a few numbers or 2048 counts for each value, however much
 * data there is, and the order of batches matters to `moving-average` alone.
 * Throws `dataset-invalid` on empty data, `model-invalid` where a value is NaN or infinite.
 */
export async function calibrateRanges(
  model: OnnxModel,
  calibration: Calibration,
  request: RangeRequest,
): Promise<ReadonlyMap<string, Range>> {
  const { names } = request;
  const isByBatch = request.method === 'moving-average';
  const merge = isByBatch ? movingAverage : union;
  const extremes = await findExtremes(model, calibration, { names, merge, isByBatch });
  if (request.method === 'min-max' || request.method === 'moving-average') return extremes;
  const histograms = new Map([...extremes].map(([name, range]) => [name, emptyHistogram(range, request)]));
  for await (const batch of calibration.activations(model, names)) countBatch(batch, histograms, request);
  const chosen = [...histograms].map(([name, histogram]) => {
    const observed = extremes.get(name) ?? noRange;
    return [name, clip(choose(histogram, observed, request), observed)] as const;
  });
  return new Map(chosen);
}

const noRange: Range = { low: 0, high: 0 };

function valuesOf(batch: Tensors, name: string): Float32Array {
  const tensor = batch[name];
  if (tensor?.type === 'float32') return tensor.data;
  throw new Error(`internal: "${name}" is ${tensor?.type ?? 'missing'}, not float32`);
}

function union(known: Range, found: Range): Range {
  return { low: Math.min(known.low, found.low), high: Math.max(known.high, found.high) };
}

function movingAverage(known: Range, found: Range): Range {
  return { low: moveTowards(known.low, found.low), high: moveTowards(known.high, found.high) };
}

function moveTowards(known: number, found: number): number {
  return Math.fround(known + Math.fround(averagingConstant * Math.fround(found - known)));
}

function emptyHistogram({ low, high }: Range, { method }: RangeRequest): Histogram {
  if (method === 'entropy') return createHistogram({ low: Math.min(low, 0), high: Math.max(high, 0) }, bins);
  const largest = Math.max(Math.abs(low), Math.abs(high));
  if (method !== 'percentile') return createHistogram({ low: -largest, high: largest }, bins);
  return createHistogram({ low: 0, high: largest }, bins);
}

function countBatch(
  batch: Tensors,
  histograms: ReadonlyMap<string, Histogram>,
  { method }: RangeRequest,
): void {
  for (const [name, histogram] of histograms) {
    const values = valuesOf(batch, name);
    addToHistogram(histogram, counted(values, method));
  }
}

function counted(values: Float32Array, method: RangeMethod): Float32Array {
  if (method === 'percentile') return values.map(Math.abs);
  // Every range holds zero as it is: the many that a Relu makes say nothing of how the rest lies.
  return method === 'entropy' ? values.filter((value) => value !== 0) : values;
}

function choose(histogram: Histogram, observed: Range, { method, type }: RangeRequest): Range {
  if (method === 'percentile') return percentileRange(histogram, percent);
  if (method === 'entropy') return entropyRange(histogram, entropyLevels);
  return leastErrorRange(histogram, observed, type);
}

/** Symmetric stretches reach beyond what was seen on one side. */
function clip({ low, high }: Range, observed: Range): Range {
  return { low: Math.max(low, observed.low), high: Math.min(high, observed.high) };
}
