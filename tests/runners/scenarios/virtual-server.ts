import { createQueue, type QueryQueue } from '../../../runners/scenarios/query-queue.ts';
import { serveQueries } from '../../../runners/scenarios/serve-queries.ts';
import type { Server } from '../../../runners/scenarios/try-rate.ts';

/** Time that passes only when every task waits: the earliest of what they wait for comes next. */
class VirtualTime {
  nowMs = 0;
  #running = 0;
  readonly #waiting: { timeMs: number; wake: () => void }[] = [];

  /** Runs tasks that wait by `until` alone, side by side. */
  async run(tasks: readonly (() => Promise<void>)[]): Promise<void> {
    this.#running = tasks.length;
    await Promise.all(
      tasks.map(async (task) => {
        await task();
        this.#running--;
        this.#wakeNext();
      }),
    );
  }

  until(timeMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ timeMs, wake: resolve });
      this.#wakeNext();
    });
  }

  #wakeNext(): void {
    if (this.#waiting.length === 0 || this.#waiting.length < this.#running) return;
    const next = this.#waiting.reduce((first, one) => (one.timeMs < first.timeMs ? one : first));
    this.#waiting.splice(this.#waiting.indexOf(next), 1);
    this.nowMs = Math.max(this.nowMs, next.timeMs);
    next.wake();
  }
}

/** A server of so many workers whose service takes the scripted time, on a clock of its own. */
export function virtualServer(workers: number, serviceMs: () => number, meanServiceMs: number): Server {
  const time = new VirtualTime();
  const clock = { nowMs: () => time.nowMs };
  const service = {
    clock,
    waitUntil: (timeMs: number) => time.until(timeMs),
    serve: () => time.until(time.nowMs + serviceMs()),
  };
  return {
    capacity: (workers * 1000) / meanServiceMs,
    clock,
    serve: (queue) => time.run(Array.from({ length: workers }, () => () => serveQueries(queue, service))),
  };
}

/** The latencies of arrivals that a virtual server has all the time it takes for. */
export async function serveAll(arrivalsMs: Float64Array, server: Server): Promise<QueryQueue> {
  const queue = createQueue(arrivalsMs, { startMs: server.clock.nowMs(), deadlineMs: Infinity });
  await server.serve(queue);
  return queue;
}
