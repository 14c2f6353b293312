import { createRandom } from '../../core/random.ts';
import { sum } from '../../core/statistics/summary.ts';
import type { ScenarioResult } from '../../results/scenario-schema.ts';
import type { Scenario } from '../../suites/scenario-schema.ts';
import { startDevices, type Devices } from './devices.ts';
import { loadModel, repeatRows, rowsOf, type LoadedModel, type ScenarioEffects } from './load-model.ts';
import { medianOverRounds } from './median-over-rounds.ts';
import { offlineReasons } from './mlperf-rules.ts';
import type { ScenarioMeasurement, ScenarioRequest } from './request.ts';
import { runRounds, type Setting, type Swept } from './run-rounds.ts';
import { setUpOf } from './set-up.ts';
import { warmUpSettings } from './warm-up-settings.ts';

type Offline = Extract<ScenarioResult, { scenario: 'offline' }>;

/**
 * Throughput over batch sizes: all are compared round by round, then the best is measured again for twice as long. Where the target has
 * several devices, each works through batches of its own, and the throughput is that of all together.
 */
export async function runOffline(
  scenario: Extract<Scenario, { kind: 'offline' }>,
  request: ScenarioRequest,
  effects: ScenarioEffects,
): Promise<ScenarioMeasurement> {
  const { budget, level, seed } = request;
  const model = await loadModel(request, effects.runner, request.threads);
  const others = await startDevices(request);
  const settings = settingsOf(scenario.batchSizes, request, { model, others });
  const { warm, failed, unsteady } = await warmUpSettings(settings, budget.warmUpMs, effects.clock);
  const parts = { clock: effects.clock, random: createRandom(seed) };
  const roundMs = budget.durationMs / budget.rounds;
  const swept = await runRounds(warm, { rounds: budget.rounds, roundMs: roundMs / 2 / warm.length }, parts);
  const points = swept.flatMap((one) => pointOf(one, level));
  const best = points.reduce<Offline['points'][number] | null>(faster, null);
  if (best === null) throw new Error(reasonOfNone([...failed, ...swept]));
  const again = settings.filter(({ value }) => value === best.batchSize);
  const [confirmed] = await runRounds(again, { rounds: budget.rounds, roundMs }, parts);
  await Promise.all([model.session.close(), others.close()]);
  const confirmation = confirm(confirmed, level);
  const invalidReasons = offlineReasons(confirmation);
  const gaps = [...failed, ...swept].flatMap((one) =>
    one.status === 'failed' ? [{ batchSize: one.value, reason: one.reason }] : [],
  );
  return {
    result: { scenario: 'offline', ...setUpOf(request), invalidReasons, points, gaps, best: confirmation },
    unsteady: unsteady.map((value) => `batch size ${value}`),
  };
}

/** One batch of the largest size; the smaller ones are views of it. */
function settingsOf(
  batchSizes: readonly number[],
  { samples }: ScenarioRequest,
  { model, others }: { model: LoadedModel; others: Devices },
): Setting[] {
  const sizes = [...new Set(batchSizes)].sort((a, b) => a - b);
  const largest = repeatRows(samples, Math.max(...sizes));
  return sizes.map((value) => ({
    value,
    call: model.bind(rowsOf(largest, 0, value)),
    beside: (durationMs) => others.run({ batchSize: value, durationMs }),
  }));
}

function pointOf(one: Swept, level: number): Offline['points'] {
  if (one.status === 'failed') return [];
  const calls = sum(one.rounds.map((round) => round.calls));
  return [{ batchSize: one.value, calls, rounds: one.rounds.length, ...throughputOf(one, level) }];
}

type Measured = Extract<Swept, { status: 'measured' }>;

function throughputOf(
  { value: batchSize, rounds }: Measured,
  level: number,
): Pick<Offline['best'], 'samplesPerSecond' | 'interval'> {
  const rates = rounds.map(({ calls, durationMs }) => (calls * batchSize * 1000) / durationMs);
  const { value, interval } = medianOverRounds(rates, level);
  return { samplesPerSecond: value, interval };
}

function faster(
  best: Offline['points'][number] | null,
  point: Offline['points'][number],
): Offline['points'][number] {
  return best === null || point.samplesPerSecond > best.samplesPerSecond ? point : best;
}

function confirm(one: Swept | undefined, level: number): Offline['best'] {
  if (one?.status !== 'measured') throw new Error(one?.reason ?? 'internal: nothing was confirmed');
  const samples = one.value * sum(one.rounds.map(({ calls }) => calls));
  const durationMs = sum(one.rounds.map((round) => round.durationMs));
  return { batchSize: one.value, samples, durationMs, ...throughputOf(one, level) };
}

function reasonOfNone(all: readonly Swept[]): string {
  const [first] = all.flatMap((one) => (one.status === 'failed' ? [one] : []));
  return `no batch size could be measured; ${first?.value ?? 0}: ${first?.reason ?? 'nothing was tried'}`;
}
