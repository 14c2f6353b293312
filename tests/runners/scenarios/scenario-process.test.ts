import { expect, test } from 'vitest';
import { loadModel, onnxOf } from '../../../models/manifest.ts';
import { scenarioResultSchema } from '../../../results/scenario-schema.ts';
import { forms } from '../../../runners/form.ts';
import type { ScenarioRequest } from '../../../runners/scenarios/request.ts';
import { runInProcess } from '../../../runners/scenarios/run-in-process.ts';
import { scenarioSchema } from '../../../suites/scenario-schema.ts';
import { parseTarget } from '../../../suites/target.ts';

const conditions = { timeoutMs: 60_000, signal: new AbortController().signal };
const budget = {
  ...forms.quick.scenarios,
  durationMs: 60,
  warmUpMs: 20,
  rounds: 6,
  attemptMs: 200,
  mostAttempts: 3,
};

async function requestOf(scenario: object, path?: string): Promise<ScenarioRequest> {
  const onnx = onnxOf(await loadModel('cars-mlp'));
  return {
    scenario: scenarioSchema.parse(scenario),
    target: parseTarget('onnxruntime/cpu'),
    artifact: { format: 'onnx', path: path ?? onnx.path },
    threads: 1,
    batchSize: 1,
    samples: { features: { type: 'float32', shape: [4, 9], data: new Float32Array(36) } },
    seed: 1,
    level: 0.95,
    budget,
  };
}

test.each([
  { kind: 'single-stream' },
  { kind: 'multi-stream', samplesPerQuery: 2 },
  { kind: 'offline', batchSizes: [1, 8] },
  { kind: 'thread-sweep', threads: [1, 2] },
])('$kind of a real model comes back as a valid record from a process of its own', async (scenario) => {
  const outcome = await runInProcess(await requestOf(scenario), conditions);
  if (outcome.status !== 'ok') throw new Error(outcome.reason);
  expect(outcome.result.scenario).toBe(scenario.kind);
  expect(() => scenarioResultSchema.parse(outcome.result)).not.toThrow();
});

test('offline over two devices is a valid record, too', async () => {
  const request = await requestOf({ kind: 'offline', batchSizes: [1, 8] });
  const settings = { ...request.target.settings, deviceIndexes: [0, 1] };
  const outcome = await runInProcess({ ...request, target: { ...request.target, settings } }, conditions);
  if (outcome.status !== 'ok') throw new Error(outcome.reason);
  expect(scenarioResultSchema.parse(outcome.result)).toMatchObject({ scenario: 'offline', gaps: [] });
});

test('the workers of a server serve every query of a rate that is met', async () => {
  const outcome = await runInProcess(
    await requestOf({ kind: 'server', latencyBoundMs: 10_000, probability: 0.9, workers: 2 }),
    conditions,
  );
  if (outcome.status !== 'ok' || outcome.result.scenario !== 'server') throw new Error(outcome.status);
  expect(() => scenarioResultSchema.parse(outcome.result)).not.toThrow();
  const [first] = outcome.result.attempts;
  expect(first).toMatchObject({ isMet: true, unserved: 0, overLatency: 0 });
});

test.each(['single-stream', 'server'])('%s of a file that is no model fails with a reason', async (kind) => {
  const scenario = kind === 'server' ? { kind, latencyBoundMs: 10 } : { kind };
  const outcome = await runInProcess(await requestOf(scenario, import.meta.filename), conditions);
  expect(outcome).toMatchObject({ status: 'failed', code: 'error' });
  expect(outcome.status === 'failed' && outcome.reason).toMatch(/not a whole ONNX model/);
});

test('a process that does not answer in time is ended and says so', async () => {
  const slow = { ...(await requestOf({ kind: 'single-stream' })), budget: { ...budget, durationMs: 60_000 } };
  const outcome = await runInProcess(slow, { ...conditions, timeoutMs: 300 });
  expect(outcome).toMatchObject({ status: 'failed', code: 'timeout', reason: 'no answer within 300 ms' });
});
