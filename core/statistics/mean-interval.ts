import type { Interval } from '../verdict.ts';
import { studentTQuantile } from './student-t.ts';
import { mean, standardError } from './summary.ts';

/** Student's t interval of the mean; null for fewer than two values. Oracle: SciPy 1.17 `ttest_1samp(...).confidence_interval`. */
export function meanInterval(values: Float64Array | readonly number[], level: number): Interval | null {
  if (values.length < 2) return null;
  const reach = studentTQuantile((1 + level) / 2, values.length - 1) * standardError(values);
  const centre = mean(values);
  return { low: centre - reach, high: centre + reach, level, method: `student-t (n=${values.length})` };
}
