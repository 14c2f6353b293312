/** Records of scenarios as a run would store them, made by rule: realistic enough to look at, and never a measurement. */
import { sha256 } from '../../core/hash.ts';
import { sortAscending } from '../../core/statistics/quantile.ts';
import type { ScenarioRecord } from '../../results/schema.ts';
import type { ScenarioResult } from '../../results/scenario-schema.ts';
import { earlyStoppingOf, percentilesOf } from '../../runners/scenarios/percentiles.ts';
import { makeCell, makeRun, makeVariant, writeRun } from './stored-runs.ts';

type ResultOf<Kind extends ScenarioResult['scenario']> = Extract<ScenarioResult, { scenario: Kind }>;

const setUp = {
  threads: 1,
  seed: 1,
  distinctSamples: 256,
  invalidReasons: ['it lasted 5 s; MLPerf asks for 600 s'],
};

export function makeScenario(
  result: ScenarioResult,
  overrides: Partial<Omit<ScenarioRecord, 'scenario'>> = {},
): ScenarioRecord {
  const base = makeCell();
  const variant = overrides.variant ?? base.variant;
  return {
    ...base,
    id: sha256(`${result.scenario} ${variant.name}`),
    kind: 'scenario',
    scenario: result.scenario,
    outcome: { status: 'measured', result },
    ...overrides,
  };
}

/** So many queries of about a tenth of a millisecond. */
export function singleStream(queries: number, unitMs = 0.1): ResultOf<'single-stream'> {
  const latencies = Array.from({ length: queries }, (_, index) => unitMs * (1 + index / queries));
  const sorted = sortAscending(latencies);
  return {
    scenario: 'single-stream',
    ...setUp,
    queries,
    durationMs: latencies.reduce((sum, latency) => sum + latency, 0),
    meanMs: unitMs * 1.5,
    percentiles: percentilesOf(sorted, 0.95),
    earlyStopping: earlyStoppingOf(sorted, 0.9),
  };
}

type Point = ResultOf<'offline'>['points'][number];

/** Throughput that grows by less and less with the batch size. */
export function offline(scale = 1): ResultOf<'offline'> {
  const points = [1, 4, 16, 64].map((batchSize) => {
    const samplesPerSecond = (scale * 40_000 * batchSize) / (batchSize + 4);
    return { batchSize, calls: 400, rounds: 12, samplesPerSecond, interval: around(samplesPerSecond) };
  });
  const [, , , { samplesPerSecond, interval, batchSize }] = points as [Point, Point, Point, Point];
  return {
    scenario: 'offline',
    ...setUp,
    points,
    gaps: [{ batchSize: 256, reason: 'the model takes at most 64 rows' }],
    best: { batchSize, samples: 400 * batchSize, durationMs: 2500, samplesPerSecond, interval },
  };
}

function around(value: number): { low: number; high: number; level: number; method: string } {
  return { low: value * 0.96, high: value * 1.03, level: 0.95, method: 'order-statistics' };
}

/** A latency bound of 2 ms, kept at 1000 queries a second and not at 2000. */
export function server(isMet = true): ResultOf<'server'> {
  const stream = singleStream(2000);
  const attempt = (
    queriesPerSecond: number,
    purpose: 'search' | 'confirmation',
    atMostMs: number,
  ): ResultOf<'server'>['attempts'][number] => ({
    purpose,
    queriesPerSecond,
    queries: 2000,
    durationMs: 2_000_000 / queriesPerSecond,
    overLatency: atMostMs > 2 ? 80 : 3,
    unserved: 0,
    isMet: atMostMs <= 2,
    percentiles: stream.percentiles,
    earlyStopping: { probability: 0.99, confidence: 0.99, atMostMs, reason: null },
  });
  return {
    scenario: 'server',
    ...setUp,
    workers: 2,
    latencyBoundMs: 2,
    probability: 0.99,
    attempts: isMet
      ? [attempt(2000, 'search', 9), attempt(1000, 'search', 1.2), attempt(1000, 'confirmation', 1.3)]
      : [attempt(2000, 'search', 9)],
    bestQueriesPerSecond: isMet ? 1000 : null,
  };
}

export function threadSweep(): ResultOf<'thread-sweep'> {
  const points = [1, 2].map((threads) => {
    const p50Ms = 0.2 / threads ** 0.8;
    const speedUp = threads ** 0.8;
    const speedUpInterval = threads === 1 ? null : around(speedUp);
    return { threads, calls: 300, rounds: 12, p50Ms, interval: around(p50Ms), speedUp, speedUpInterval };
  });
  return { scenario: 'thread-sweep', ...setUp, invalidReasons: [], batchSize: 1, points, gaps: [] };
}

/** One run with every scenario, and one of them skipped. */
export function makeScenarios(): ScenarioRecord[] {
  const int8 = makeVariant({ name: 'int8-dynamic', isBaseline: false });
  const skipped = { status: 'skipped', code: 'not-applicable', reason: 'no kernels' } as const;
  return [
    makeScenario(singleStream(5000)),
    makeScenario(singleStream(100, 0.08), { variant: int8 }),
    makeScenario(offline()),
    makeScenario(offline(1.4), { variant: int8 }),
    makeScenario(server()),
    makeScenario(server(false), { variant: int8 }),
    makeScenario(threadSweep()),
    makeScenario(threadSweep(), { variant: int8, outcome: skipped }),
  ];
}

/** A run of the scenarios of the baseline alone. */
export async function writeScenarioRun(resultsDir: string): Promise<void> {
  const records = makeScenarios().filter(({ variant }) => variant.isBaseline);
  const planned = { cells: 0, groups: 0, scenarios: records.length };
  await writeRun(resultsDir, makeRun({ id: 'scenarios', planned }), records);
}
