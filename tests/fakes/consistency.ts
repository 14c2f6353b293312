import type { Consistency } from '../../results/consistency-schema.ts';

/** A variant on another target, its outputs within the tolerance. */
export const sameOutputs: Consistency = {
  reference: 'onnxruntime/cpu',
  precision: 'float32',
  tolerance: 1e-4,
  toBaseline: { relativeError: 1.24e-7, nonFinite: 0, flips: null, metricDifference: 0 },
  toItself: { relativeError: 1.24e-7, nonFinite: 0, flips: null, metricDifference: 0 },
  isConsistent: true,
};
