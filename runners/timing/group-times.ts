import type { ProcessFailure } from '../child.ts';
import type { TimedContender, TimedProcess } from './request.ts';

type Timed = Extract<TimedContender, { status: 'timed' }>;

/** The name under which the baseline runs a second time. */
export const controlName = 'control (baseline again)';

/** What came of one contender over all processes: one entry a process, or the first failure. */
export type ContenderTimes =
  { status: 'timed'; name: string; processes: readonly Timed[] } | (ProcessFailure & { name: string });

/** What came of a group. */
export interface GroupTimes {
  contenders: readonly ContenderTimes[];
  /** Per process, what does not belong to one contender. */
  processes: readonly Pick<TimedProcess, 'epochs' | 'collections' | 'clockSkewMs' | 'fixedBatch'>[];
}
