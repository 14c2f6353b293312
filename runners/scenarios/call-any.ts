import type { Random } from '../../core/random.ts';

type Call = () => unknown;

/** A call that is one of several, drawn anew each time. */
export function callAny(calls: readonly Call[], random: Random): Call {
  if (calls.length === 0) throw new Error('internal: no query to draw from');
  return () => (calls[random.below(calls.length)] as Call)();
}
