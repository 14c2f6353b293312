import type { Predictions } from '../predictions.ts';
import { kindOf } from './kinds/registry.ts';

/** The predictions of the samples at `indices`, in that order; an index may come more than once. */
export function takeSamples<P extends Predictions>(predictions: P, indices: Int32Array): P {
  return kindOf(predictions).take(predictions, indices);
}
