import type { Clock } from '../../core/clock.ts';
import { sortAscending } from '../../core/statistics/quantile.ts';
import type { ServerAttempt } from '../../results/scenario-schema.ts';
import { poissonArrivals } from './arrivals.ts';
import { meetsBound } from './mlperf-rules.ts';
import { earlyStoppingOf, noPercentiles, percentilesOf } from './percentiles.ts';
import { createQueue, type QueryQueue } from './query-queue.ts';

/** What serves a queue. */
export interface Server {
  /** Queries a second that it answers when it never waits for one. */
  capacity: number;
  clock: Pick<Clock, 'nowMs'>;
  /** Resolves when nothing is taken from the queue any more. */
  serve(queue: QueryQueue): Promise<void>;
}

/** One rate to try. */
export interface RateTrial {
  purpose: ServerAttempt['purpose'];
  queriesPerSecond: number;
  queries: number;
  seed: number;
}

export interface Bound {
  latencyBoundMs: number;
  probability: number;
  /** Confidence level of the intervals. */
  level: number;
}

/** Workers need so long to hear of a queue. */
const leadMs = 10;
/** An overloaded attempt ends after so many times the time its arrivals take; what still waits then is over latency. */
const patience = 2;

/** Serves Poisson arrivals of one rate and tells whether the bound was met. */
export async function tryRate(
  { purpose, queriesPerSecond, queries, seed }: RateTrial,
  bound: Bound,
  server: Server,
): Promise<ServerAttempt> {
  const arrivalsMs = poissonArrivals(queries, { queriesPerSecond, seed });
  const startMs = server.clock.nowMs() + leadMs;
  const deadlineMs = startMs + patience * (arrivalsMs.at(-1) ?? 0) + bound.latencyBoundMs;
  const queue = createQueue(arrivalsMs, { startMs, deadlineMs });
  await server.serve(queue);
  return { purpose, queriesPerSecond, queries, ...judge(queue, bound) };
}

function judge(
  { arrivalsMs, latenciesMs }: QueryQueue,
  { latencyBoundMs, probability, level }: Bound,
): Omit<ServerAttempt, 'purpose' | 'queriesPerSecond' | 'queries'> {
  const served = latenciesMs.filter((latencyMs) => !Number.isNaN(latencyMs));
  const queries = latenciesMs.length;
  const unserved = queries - served.length;
  const overLatency = unserved + served.filter((latencyMs) => latencyMs > latencyBoundMs).length;
  const ends = latenciesMs.map((latencyMs, query) => (arrivalsMs[query] ?? 0) + latencyMs);
  const durationMs = ends.reduce((latest, end) => (end > latest ? end : latest), 0);
  const isMet = meetsBound(queries, overLatency, probability);
  return { durationMs, overLatency, unserved, isMet, ...tail(served, unserved, { probability, level }) };
}

/** What still waited when an overloaded attempt ended has no latency, and would have been the longest. */
function tail(
  served: Float64Array,
  unserved: number,
  { probability, level }: Pick<Bound, 'probability' | 'level'>,
): Pick<ServerAttempt, 'percentiles' | 'earlyStopping'> {
  const sorted = sortAscending(served);
  if (unserved === 0) {
    return { percentiles: percentilesOf(sorted, level), earlyStopping: earlyStoppingOf(sorted, probability) };
  }
  const reason = `overloaded: ${unserved} of ${unserved + served.length} queries still waited at the end`;
  const { confidence } = earlyStoppingOf(sorted, probability);
  return {
    percentiles: noPercentiles(reason),
    earlyStopping: { probability, confidence, atMostMs: null, reason },
  };
}
