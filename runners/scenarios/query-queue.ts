/** Queries of one attempt, shared by all workers. Every buffer is shared memory, so that a worker takes the next query without a message. */
export interface QueryQueue {
  /** Ascending, in milliseconds after `startMs`. */
  arrivalsMs: Float64Array;
  /** By query, from its arrival to its answer; NaN until it is served. */
  latenciesMs: Float64Array;
  /** The next query that nobody has taken. */
  next: Int32Array;
  /** On the clock that all threads share. */
  startMs: number;
  /** Nothing is taken after this. */
  deadlineMs: number;
}

/** A queue nobody has taken anything from. */
export function createQueue(
  arrivalsMs: Float64Array,
  { startMs, deadlineMs }: Pick<QueryQueue, 'startMs' | 'deadlineMs'>,
): QueryQueue {
  const shared = (): Float64Array => new Float64Array(new SharedArrayBuffer(arrivalsMs.byteLength));
  const [arrivals, latencies] = [shared(), shared()];
  arrivals.set(arrivalsMs);
  latencies.fill(NaN);
  const next = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  return { arrivalsMs: arrivals, latenciesMs: latencies, next, startMs, deadlineMs };
}
