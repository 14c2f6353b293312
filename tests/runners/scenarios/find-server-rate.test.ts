import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { scenarioResultSchema } from '../../../results/scenario-schema.ts';
import { findHighestRate, highestMet } from '../../../runners/scenarios/find-highest-rate.ts';
import { findServerRate, type RateSettings } from '../../../runners/scenarios/find-server-rate.ts';
import { virtualServer } from './virtual-server.ts';

const search = { startRate: 100, lowestRate: 1, highestRate: 10_000, tolerance: 1.05, mostTrials: 40 };

function attemptBelow(
  limit: number,
): (rate: number) => Promise<{ queriesPerSecond: number; isMet: boolean }> {
  return (queriesPerSecond) => Promise.resolve({ queriesPerSecond, isMet: queriesPerSecond <= limit });
}

test.each([3, 99, 100, 137, 2500])('the search comes within 5 %% of a limit of %f', async (limit) => {
  const trials = await findHighestRate({ ...search, attempt: attemptBelow(limit) });
  const found = highestMet(trials) ?? 0;
  expect(found).toBeLessThanOrEqual(limit);
  expect(found * 1.05).toBeGreaterThanOrEqual(limit);
  expect(trials.length).toBeLessThan(14);
});

test('a limit below the lowest rate is not met, one above the highest is met by it', async () => {
  const none = await findHighestRate({ ...search, attempt: attemptBelow(0.5) });
  expect(highestMet(none)).toBeNull();
  expect(none.at(-1)?.queriesPerSecond).toBe(1);
  expect(highestMet(await findHighestRate({ ...search, attempt: attemptBelow(1e6) }))).toBe(10_000);
});

test('the search ends after the most trials', async () => {
  const trials = await findHighestRate({ ...search, mostTrials: 4, attempt: attemptBelow(137) });
  expect(trials).toHaveLength(4);
});

test('nothing is tried where the lowest rate is above the highest', async () => {
  expect(await findHighestRate({ ...search, lowestRate: 20_000, attempt: attemptBelow(1) })).toEqual([]);
});

const settings: RateSettings = {
  latencyBoundMs: 10,
  probability: 0.99,
  level: 0.95,
  seed: 1,
  budget: { attemptMs: 10_000, durationMs: 40_000, mostAttempts: 14 },
};

function exponentialServer(seed: number): ReturnType<typeof virtualServer> {
  const random = createRandom(seed);
  return virtualServer(1, () => -Math.log(1 - random.next()), 1);
}

// M/M/1: latency is exponential with mean 1 / (mu - lambda), so that p99 = ln 100 / (mu - lambda).
test('the rate found for M/M/1 is the one whose p99 is the bound, less what the sample leaves open', async () => {
  const limit = 1000 - (Math.log(100) / settings.latencyBoundMs) * 1000;
  const found = await findServerRate(settings, exponentialServer(4));
  expect(found.bestQueriesPerSecond).toBeGreaterThan(limit * 0.85);
  expect(found.bestQueriesPerSecond).toBeLessThan(limit * 1.05);
  const confirmed = found.attempts.at(-1);
  expect(confirmed).toMatchObject({ purpose: 'confirmation', isMet: true, unserved: 0 });
  expect(confirmed?.earlyStopping.atMostMs).toBeLessThanOrEqual(settings.latencyBoundMs);
  expect(found.invalidReasons).toEqual([expect.stringMatching(/^it lasted .* s; MLPerf asks for 600 s$/)]);
});

test('ten minutes of confirmation are valid', async () => {
  const budget = { ...settings.budget, durationMs: 600_000 };
  const found = await findServerRate({ ...settings, budget }, exponentialServer(4));
  expect(found.invalidReasons).toEqual([]);
});

test('a bound below the service time is met by no rate', async () => {
  const found = await findServerRate(
    { ...settings, latencyBoundMs: 0.9 },
    virtualServer(1, () => 1, 1),
  );
  expect(found.bestQueriesPerSecond).toBeNull();
  expect(found.invalidReasons).toEqual([
    expect.stringMatching(/^no rate down to \d+ queries\/s met the bound of 0.9 ms$/),
  ]);
});

test('a server too slow for early stopping is not tried, and the reason says why', async () => {
  const found = await findServerRate(
    settings,
    virtualServer(1, () => 500, 500),
  );
  expect(found.attempts).toEqual([]);
  expect(found.invalidReasons).toEqual([
    'early stopping takes 459 queries; in the 40 s of an attempt the workers answer about 80',
  ]);
});

test('an overloaded attempt ends, and gives no percentiles', async () => {
  const found = await findServerRate(
    { ...settings, latencyBoundMs: 400 },
    virtualServer(1, () => 1, 0.1),
  );
  const overloaded = found.attempts.find(({ unserved }) => unserved > 0);
  expect(overloaded?.isMet).toBe(false);
  expect(overloaded?.percentiles.map(({ ms }) => ms)).toEqual(overloaded?.percentiles.map(() => null));
  expect(overloaded?.earlyStopping.reason).toMatch(/^overloaded: \d+ of \d+ queries still waited/);
});

test('what is found is a valid record', async () => {
  const found = await findServerRate(settings, exponentialServer(4));
  const rest = { threads: 1, seed: 1, distinctSamples: 1, workers: 1, latencyBoundMs: 10, probability: 0.99 };
  expect(() => scenarioResultSchema.parse({ scenario: 'server', ...rest, ...found })).not.toThrow();
});
