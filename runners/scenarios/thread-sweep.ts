import { createRandom } from '../../core/random.ts';
import { fewestQueries } from '../../core/statistics/early-stopping.ts';
import { sum } from '../../core/statistics/summary.ts';
import type { ScenarioResult } from '../../results/scenario-schema.ts';
import type { Scenario } from '../../suites/scenario-schema.ts';
import { usableCores } from '../usable-cores.ts';
import { loadModel, repeatRows, type LoadedModel, type ScenarioEffects } from './load-model.ts';
import { medianOverRounds } from './median-over-rounds.ts';
import type { ScenarioMeasurement, ScenarioRequest } from './request.ts';
import { runRounds, type Swept } from './run-rounds.ts';
import { setUpOf } from './set-up.ts';
import { warmUpSettings } from './warm-up-settings.ts';

type Points = Extract<ScenarioResult, { scenario: 'thread-sweep' }>['points'];

/** Latency over intra-op threads: a session for each number, all in one process, turn by turn in random order. */
export async function runThreadSweep(
  scenario: Extract<Scenario, { kind: 'thread-sweep' }>,
  request: ScenarioRequest,
  { runner, clock }: ScenarioEffects,
): Promise<ScenarioMeasurement> {
  const { budget, batchSize, seed } = request;
  const batch = repeatRows(request.samples, batchSize);
  const cores = usableCores();
  const counts = threadCounts(scenario.threads, cores);
  const models: LoadedModel[] = [];
  for (const threads of counts) models.push(await loadModel(request, runner, threads));
  const settings = models.map(({ bind }, index) => ({ value: counts[index] ?? 1, call: bind(batch) }));
  const { warm, failed, unsteady } = await warmUpSettings(settings, budget.warmUpMs, clock);
  const roundMs = budget.durationMs / budget.rounds / warm.length;
  const parts = { clock, random: createRandom(seed) };
  const swept = [...(await runRounds(warm, { rounds: budget.rounds, roundMs }, parts)), ...failed];
  for (const { session } of models) await session.close();
  const gaps = swept.flatMap((one) =>
    one.status === 'failed' ? [{ threads: one.value, reason: one.reason }] : [],
  );
  const points = pointsOf(swept, request.level);
  const invalidReasons = sweepReasons(points, cores);
  return {
    result: { scenario: 'thread-sweep', ...setUpOf(request), batchSize, invalidReasons, points, gaps },
    unsteady: unsteady.map((value) => `${value} threads`),
  };
}

/** One thread is always there: speed-up is over it. */
function threadCounts(asked: readonly number[] | null, cores: number): number[] {
  const powers = Array.from({ length: Math.floor(Math.log2(cores)) + 1 }, (_, power) => 2 ** power);
  return [...new Set([1, ...(asked ?? [...powers, cores])])].sort((a, b) => a - b);
}

function pointsOf(swept: readonly Swept[], level: number): Points {
  const measured = swept.flatMap((one) => (one.status === 'measured' ? [one] : []));
  const single = measured.find(({ value }) => value === 1);
  if (single === undefined) throw new Error('one thread, which speed-up is over, could not be measured');
  return measured.map(({ value: threads, rounds }) => {
    const { value: p50Ms, interval } = medianOverRounds(
      rounds.map((round) => round.p50Ms),
      level,
    );
    const ratios = rounds.map((round, index) => (single.rounds[index]?.p50Ms ?? NaN) / round.p50Ms);
    const speedUp = medianOverRounds(ratios, level);
    const calls = sum(rounds.map((round) => round.calls));
    const paired = { speedUp: speedUp.value, speedUpInterval: threads === 1 ? null : speedUp.interval };
    return { threads, calls, rounds: rounds.length, p50Ms, interval, ...paired };
  });
}

/** A median takes eleven calls by early stopping; threads without a core of their own wait for one another. */
function sweepReasons(points: Points, cores: number): string[] {
  const needed = fewestQueries(0.5, 1);
  return points.flatMap(({ threads, calls }) => [
    ...(threads > cores ? [`${threads} threads share ${cores} cores`] : []),
    ...(calls < needed ? [`${calls} calls with ${threads} threads; a median takes ${needed}`] : []),
  ]);
}
