import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { mean } from '../../../core/statistics/summary.ts';
import { poissonArrivals } from '../../../runners/scenarios/arrivals.ts';
import { createQueue } from '../../../runners/scenarios/query-queue.ts';
import { serveAll, virtualServer } from './virtual-server.ts';

const queries = 150_000;

function exponential(meanMs: number, seed: number): () => number {
  const random = createRandom(seed);
  return () => -Math.log(1 - random.next()) * meanMs;
}

async function meanWaitMs(
  rate: number,
  { workers, serviceMs }: { workers: number; serviceMs: () => number },
): Promise<number> {
  const arrivals = poissonArrivals(queries, { queriesPerSecond: rate, seed: 5 });
  const { latenciesMs } = await serveAll(arrivals, virtualServer(workers, serviceMs, 1));
  return mean(latenciesMs) - 1;
}

test('arrivals come at the asked rate, their gaps as spread as exponential ones', () => {
  const arrivals = poissonArrivals(queries, { queriesPerSecond: 200, seed: 5 });
  const gaps = arrivals.map((time, index) => time - (arrivals[index - 1] ?? 0));
  const longerThanMean = gaps.filter((gap) => gap > 5).length / queries;
  expect(mean(gaps)).toBeCloseTo(5, 1);
  expect(longerThanMean).toBeCloseTo(Math.exp(-1), 2);
});

test('the same seed gives the same pattern at every rate', () => {
  const slow = poissonArrivals(100, { queriesPerSecond: 10, seed: 3 });
  const fast = poissonArrivals(100, { queriesPerSecond: 1000, seed: 3 });
  for (const [index, time] of fast.entries()) expect(time * 100).toBeCloseTo(slow[index] ?? NaN, 6);
});

// M/D/1, Pollaczek-Khinchine: the mean wait is rho / (2 (1 - rho)) services.
test.each([0.3, 0.6, 0.8])('one worker of constant service at load %f waits as M/D/1', async (load) => {
  const wait = await meanWaitMs(load * 1000, { workers: 1, serviceMs: () => 1 });
  expect(wait / (load / (2 * (1 - load)))).toBeCloseTo(1, 1);
});

// M/M/1: the mean wait is rho / (1 - rho) services.
test.each([0.3, 0.6, 0.8])('one worker of exponential service at load %f waits as M/M/1', async (load) => {
  const wait = await meanWaitMs(load * 1000, { workers: 1, serviceMs: exponential(1, 9) });
  expect(Math.abs(wait / (load / (1 - load)) - 1)).toBeLessThan(0.1);
});

// M/M/c: the Erlang C probability of waiting, over c (1 - rho) services.
test.each([
  [2, 0.5],
  [3, 0.7],
])('%i workers at load %f wait as M/M/c', async (workers, load) => {
  const wait = await meanWaitMs(load * workers * 1000, { workers, serviceMs: exponential(1, 9) });
  const expected = erlangC(workers, load) / (workers * (1 - load));
  expect(Math.abs(wait / expected - 1)).toBeLessThan(0.1);
});

function erlangC(workers: number, load: number): number {
  const offered = workers * load;
  const terms = Array.from({ length: workers + 1 }, (_, count) => offered ** count / factorial(count));
  const all = (terms[workers] ?? 0) / (1 - load);
  return all / (terms.slice(0, workers).reduce((sum, term) => sum + term, 0) + all);
}

function factorial(value: number): number {
  return value <= 1 ? 1 : value * factorial(value - 1);
}

test('a pause of the server shows in the latency of every query behind it', async () => {
  const arrivals = Float64Array.from({ length: 100 }, (_, index) => (index + 1) * 10);
  let served = 0;
  const pausing = virtualServer(1, () => (served++ === 10 ? 500 : 1), 1);
  const { latenciesMs } = await serveAll(arrivals, pausing);
  // Each query behind waits 9 ms less than the one before, until the queue is empty.
  expect([...latenciesMs.slice(9, 13)]).toEqual([1, 500, 491, 482]);
  expect(latenciesMs.filter((latency) => latency > 1).length).toBe(56);
});

test('queries that nobody took in time have no latency', async () => {
  const arrivals = Float64Array.from({ length: 10 }, (_, index) => index);
  const server = virtualServer(1, () => 10, 10);
  const queue = createQueue(arrivals, { startMs: 0, deadlineMs: 45 });
  await server.serve(queue);
  expect(queue.latenciesMs.filter((latency) => !Number.isNaN(latency))).toHaveLength(5);
});
