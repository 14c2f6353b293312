import { expect, test } from 'vitest';
import type { Tensors } from '../../../core/tensor.ts';
import { forms } from '../../../runners/form.ts';
import type { Runner, Session } from '../../../runners/runner.ts';
import type { ScenarioRequest } from '../../../runners/scenarios/request.ts';
import { runScenario } from '../../../runners/scenarios/run-scenario.ts';
import { scenarioSchema } from '../../../suites/scenario-schema.ts';
import { createScriptedRunner } from '../../fakes/scripted-runner.ts';
import { parseTarget } from '../../../suites/target.ts';

const samples: Tensors = { x: { type: 'float32', shape: [32, 1], data: new Float32Array(32) } };

function requestOf(scenario: object, overrides: Partial<ScenarioRequest> = {}): ScenarioRequest {
  return {
    scenario: scenarioSchema.parse(scenario),
    target: parseTarget('onnxruntime/cpu'),
    artifact: { format: 'onnx', path: 'model' },
    threads: 1,
    batchSize: 1,
    samples,
    seed: 1,
    level: 0.95,
    budget: forms.quick.scenarios,
    ...overrides,
  };
}

/** A model whose call takes so long for so many rows, with so many threads; it fails above 16 rows. */
function modelOf(callMs: (rows: number, threads: number) => number): Parameters<typeof runScenario>[1] {
  let nowMs = 0;
  const runner: Runner = {
    kind: 'onnxruntime',
    format: 'onnx',
    probe: () => Promise.resolve({ status: 'works', detail: 'scripted', isSoftware: false }),
    load: (_artifact, { threads }): Promise<Session> =>
      Promise.resolve({
        inputs: [{ name: 'x', type: 'float32', shape: [null, 1] }],
        outputs: [],
        run: (inputs) => {
          const rows = inputs.x?.shape[0] ?? 0;
          if (rows > 16) throw new Error('at most 16 rows');
          nowMs += callMs(rows, threads);
          return Promise.resolve(inputs);
        },
        close: () => Promise.resolve(),
      }),
  };
  return { runner, clock: { nowMs: () => nowMs, timestamp: () => '2026-01-01T00:00:00.000Z' } };
}

test('a single stream sends one query after another for as long as asked', async () => {
  const { runner, clock, events } = createScriptedRunner({ model: { callMs: 2 } });
  const { result, unsteady } = await runScenario(requestOf({ kind: 'single-stream' }), { runner, clock });
  expect(result).toMatchObject({ queries: 250, durationMs: 500, meanMs: 2, distinctSamples: 32 });
  expect(unsteady).toEqual([]);
  expect(events.at(-1)).toBe('close model');
});

test('a slow model gets longer, until it has the queries that early stopping takes', async () => {
  const effects = createScriptedRunner({ model: { callMs: 20 } });
  const { result } = await runScenario(requestOf({ kind: 'single-stream' }), effects);
  expect(result).toMatchObject({ queries: 64, earlyStopping: { probability: 0.9, atMostMs: 20 } });
  expect(result.invalidReasons).toEqual(['it lasted 1.3 s; MLPerf asks for 600 s']);
});

test('a model too slow even for that gives fewer percentiles, and is told to be invalid', async () => {
  const effects = createScriptedRunner({ model: { callMs: 100 } });
  const { result } = await runScenario(requestOf({ kind: 'single-stream' }), effects);
  if (result.scenario !== 'single-stream') throw new Error(result.scenario);
  const known = result.percentiles.filter(({ ms }) => ms !== null).map(({ probability }) => probability);
  expect(known).toEqual([0.5]);
  expect(result.earlyStopping.reason).toBe(
    '15 queries; early stopping takes 64, and a run of fixed size 23886',
  );
  expect(result.invalidReasons).toContain('15 queries; early stopping at the 90th percentile takes 64');
});

test('ten minutes of queries are valid', async () => {
  const effects = createScriptedRunner({ model: { callMs: 100 } });
  const budget = { ...forms.quick.scenarios, durationMs: 600_000 };
  const { result } = await runScenario(requestOf({ kind: 'single-stream' }, { budget }), effects);
  expect(result.invalidReasons).toEqual([]);
});

test('a query of a multi-stream is one call of all its samples', async () => {
  const scenario = { kind: 'multi-stream', samplesPerQuery: 8 };
  const { result } = await runScenario(
    requestOf(scenario),
    modelOf((rows) => rows * 0.1),
  );
  if (result.scenario !== 'multi-stream') throw new Error(result.scenario);
  expect(result.samplesPerQuery).toBe(8);
  expect(result.meanMs).toBeCloseTo(0.8, 9);
  expect(result.earlyStopping.probability).toBe(0.99);
});

test('offline finds the batch size with the highest throughput and repeats it; what fails is a gap', async () => {
  const scenario = { kind: 'offline', batchSizes: [16, 1, 4, 64] };
  const { result } = await runScenario(
    requestOf(scenario),
    modelOf((rows) => (rows === 16 ? 10 : 1 + rows * 0.1)),
  );
  if (result.scenario !== 'offline') throw new Error(result.scenario);
  const found = result.points.map(({ batchSize, samplesPerSecond, rounds }) => [
    batchSize,
    Math.round(samplesPerSecond),
    rounds,
  ]);
  expect(found).toEqual([
    [1, 909, 8],
    [4, 2857, 8],
    [16, 1600, 8],
  ]);
  expect(result.gaps).toEqual([{ batchSize: 64, reason: 'at most 16 rows' }]);
  expect(result.best).toMatchObject({ batchSize: 4, interval: { level: 0.95 } });
  expect(result.best.samplesPerSecond).toBeCloseTo(4000 / 1.4, 6);
  expect(result.invalidReasons).toHaveLength(2);
});

test('offline without any batch size that runs is an error that says why', async () => {
  const scenario = { kind: 'offline', batchSizes: [32] };
  await expect(
    runScenario(
      requestOf(scenario),
      modelOf(() => 1),
    ),
  ).rejects.toThrow('no batch size could be measured; 32: at most 16 rows');
});

test('a thread sweep gives the speed-up over one thread, which is always there', async () => {
  const scenario = { kind: 'thread-sweep', threads: [4, 2] };
  const { result } = await runScenario(
    requestOf(scenario),
    modelOf((_rows, threads) => 1 + 8 / threads),
  );
  if (result.scenario !== 'thread-sweep') throw new Error(result.scenario);
  expect(result.points.map(({ threads, p50Ms, speedUp }) => [threads, p50Ms, speedUp])).toEqual([
    [1, 9, 1],
    [2, 5, 1.8],
    [4, 3, 3],
  ]);
});

test('a model that throws ends its scenario with what it says', async () => {
  const effects = createScriptedRunner({ model: { callMs: 1, failsAtCall: 300 } });
  await expect(runScenario(requestOf({ kind: 'single-stream' }), effects)).rejects.toThrow(
    'failed at call 300',
  );
});

test('ten minutes of offline samples are valid', async () => {
  const budget = { ...forms.quick.scenarios, durationMs: 600_000 };
  const request = requestOf({ kind: 'offline', batchSizes: [1, 4] }, { budget });
  const { result } = await runScenario(
    request,
    modelOf((rows) => 40 + rows),
  );
  expect(result.invalidReasons).toEqual([]);
});
