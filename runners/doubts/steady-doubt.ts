import type { Warning } from '../../results/warning-schema.ts';
import { warmUpMore, type Situation } from './situation.ts';

/** Whether a session of a scenario, e.g. `batch size 8`, was still settling when its warm-up ended. */
export function steadyDoubt(unsteady: readonly string[], situation: Situation): Warning[] {
  if (unsteady.length === 0) return [];
  const detail = `The warm-up ended before latency was steady: ${unsteady.join(', ')}.`;
  return [{ code: 'not-steady', detail, advice: warmUpMore(situation) }];
}
