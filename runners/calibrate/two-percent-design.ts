import type { LatencyDesign } from '../../results/compare-latency.ts';
import { forms } from '../form.ts';

/** What a run in the default form asks that has one comparison and is to catch 2 %. */
export const twoPercentDesign = {
  maxSlowdown: 0.02,
  falseAlarms: 0.01,
  alpha: 0.05,
  looks: forms.default.looks,
  comparisons: 1,
} as const satisfies LatencyDesign;
