import type { Clock } from '../../core/clock.ts';

/** One timed stretch of calls. */
export interface Unit {
  wallMs: number;
  /** User and system time of all threads of this process. */
  cpuMs: number;
}

/** Runs the calls one after another and nothing else. A clock that goes back is an error: no figure of it can be trusted. */
export async function timeUnit(call: () => unknown, calls: number, clock: Clock): Promise<Unit> {
  const cpuBefore = process.cpuUsage();
  const start = clock.nowMs();
  for (let index = 0; index < calls; index++) await call();
  const wallMs = clock.nowMs() - start;
  const { user, system } = process.cpuUsage(cpuBefore);
  if (wallMs < 0) throw new Error(`the clock went back by ${-wallMs} ms during a timed unit`);
  return { wallMs, cpuMs: (user + system) / 1000 };
}
