import { createRandom } from '../../core/random.ts';
import { fewestQueries } from '../../core/statistics/early-stopping.ts';
import { sortAscending } from '../../core/statistics/quantile.ts';
import { mean, sum } from '../../core/statistics/summary.ts';
import type { Tensors } from '../../core/tensor.ts';
import type { ScenarioResult } from '../../results/scenario-schema.ts';
import type { Scenario } from '../../suites/scenario-schema.ts';
import { warmUp } from '../timing/warm-up.ts';
import { callAny } from './call-any.ts';
import { countRows, loadModel, repeatRows, rowsOf, type ScenarioEffects } from './load-model.ts';
import { streamReasons } from './mlperf-rules.ts';
import { earlyStoppingOf, percentilesOf } from './percentiles.ts';
import type { ScenarioMeasurement, ScenarioRequest } from './request.ts';
import { runStream } from './run-stream.ts';
import { setUpOf } from './set-up.ts';

/** The percentile that MLPerf judges. */
const judged = { 'single-stream': 0.9, 'multi-stream': 0.99 } as const;
/** A slow model may take so many times its duration to reach the queries that MLPerf needs. */
const mostTimes = 3;

type Stream<Kind extends keyof typeof judged> = Extract<Scenario, { kind: Kind }>;

/** One sample after another. */
export async function runSingleStream(
  scenario: Stream<'single-stream'>,
  request: ScenarioRequest,
  effects: ScenarioEffects,
): Promise<ScenarioMeasurement> {
  const { figures, unsteady } = await runQueries({ kind: scenario.kind, size: 1 }, request, effects);
  return { result: { scenario: scenario.kind, ...figures }, unsteady };
}

/** One query of several neighbouring samples after another, each a single call. */
export async function runMultiStream(
  scenario: Stream<'multi-stream'>,
  request: ScenarioRequest,
  effects: ScenarioEffects,
): Promise<ScenarioMeasurement> {
  const { samplesPerQuery, kind } = scenario;
  const { figures, unsteady } = await runQueries({ kind, size: samplesPerQuery }, request, effects);
  return { result: { scenario: kind, samplesPerQuery, ...figures }, unsteady };
}

type Figures = Omit<Extract<ScenarioResult, { scenario: 'single-stream' }>, 'scenario'>;

async function runQueries(
  { kind, size }: { kind: keyof typeof judged; size: number },
  request: ScenarioRequest,
  { runner, clock }: ScenarioEffects,
): Promise<{ figures: Figures; unsteady: string[] }> {
  const { threads, seed, budget, level } = request;
  const model = await loadModel(request, runner, threads);
  const calls = queriesOf(request.samples, size).map(model.bind);
  const call = callAny(calls, createRandom(seed));
  const { isSteady } = await warmUp(call, { budgetMs: budget.warmUpMs, clock });
  const wantedQueries = fewestQueries(judged[kind], 1);
  const stream = { durationMs: budget.durationMs, wantedQueries, mostMs: budget.durationMs * mostTimes };
  const latenciesMs = await runStream(call, stream, clock);
  await model.session.close();
  const counts = { queries: latenciesMs.length, durationMs: sum(latenciesMs) };
  const sorted = sortAscending(latenciesMs);
  const figures = {
    ...setUpOf(request),
    invalidReasons: streamReasons(counts, judged[kind]),
    ...counts,
    meanMs: mean(latenciesMs),
    percentiles: percentilesOf(sorted, level),
    earlyStopping: earlyStoppingOf(sorted, judged[kind]),
  };
  return { figures, unsteady: isSteady ? [] : [kind] };
}

/** Every run of `size` neighbouring samples; views. */
function queriesOf(samples: Tensors, size: number): Tensors[] {
  const rows = countRows(samples);
  if (rows < size) return [repeatRows(samples, size)];
  return Array.from({ length: rows - size + 1 }, (_, start) => rowsOf(samples, start, start + size));
}
