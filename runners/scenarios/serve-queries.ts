import type { Clock } from '../../core/clock.ts';
import type { QueryQueue } from './query-queue.ts';

/** What a worker does; a test scripts it. */
export interface Service {
  clock: Pick<Clock, 'nowMs'>;
  /** Resolves, or returns, at that time and never before. */
  waitUntil(timeMs: number): Promise<void> | void;
  /** Done when it returns, or when what it returns resolves. */
  serve(query: number): unknown;
}

/**
 * One worker: takes the next query, waits for its arrival, serves it, until none is left or time is up. Workers that share
 * a queue serve first come, first served. Latency counts from the arrival, however long the query waited for a worker:
 * a slow answer delays those behind it and shows in theirs (no coordinated omission).
 */
export async function serveQueries(queue: QueryQueue, service: Service): Promise<void> {
  for (;;) {
    const query = Atomics.add(queue.next, 0, 1);
    const offsetMs = queue.arrivalsMs[query];
    if (offsetMs === undefined) return;
    const arrivalMs = queue.startMs + offsetMs;
    await service.waitUntil(arrivalMs);
    if (service.clock.nowMs() > queue.deadlineMs) return;
    await service.serve(query);
    queue.latenciesMs[query] = service.clock.nowMs() - arrivalMs;
  }
}
