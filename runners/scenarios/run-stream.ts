import type { Clock } from '../../core/clock.ts';

export interface StreamBudget {
  durationMs: number;
  /** So many queries are wanted even where they take longer, up to `mostMs`. */
  wantedQueries: number;
  mostMs: number;
}

/** Calls one after another without a pause. Resolves to the latency of each in milliseconds, at least one. */
export async function runStream(
  call: () => unknown,
  { durationMs, wantedQueries, mostMs }: StreamBudget,
  clock: Pick<Clock, 'nowMs'>,
): Promise<number[]> {
  const latenciesMs: number[] = [];
  const start = clock.nowMs();
  let before = start;
  do {
    await call();
    const after = clock.nowMs();
    if (after < before) throw new Error(`the clock went back by ${before - after} ms during a query`);
    latenciesMs.push(after - before);
    before = after;
  } while (before - start < durationMs || (latenciesMs.length < wantedQueries && before - start < mostMs));
  return latenciesMs;
}
