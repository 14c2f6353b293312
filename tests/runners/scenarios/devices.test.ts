import { expect, onTestFinished, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { loadModel, onnxOf } from '../../../models/manifest.ts';
import { defaultTargetSettings } from '../../../results/target-schema.ts';
import { forms } from '../../../runners/form.ts';
import { startDevices } from '../../../runners/scenarios/devices.ts';
import type { ScenarioRequest } from '../../../runners/scenarios/request.ts';
import { runRounds, type Round } from '../../../runners/scenarios/run-rounds.ts';
import { scenarioSchema } from '../../../suites/scenario-schema.ts';

/** Of a processor every index is the same device, so that several can be tried anywhere. */
async function requestOn(deviceIndexes: number[], file?: string): Promise<ScenarioRequest> {
  return {
    scenario: scenarioSchema.parse({ kind: 'offline', batchSizes: [1, 8] }),
    target: {
      runner: 'onnxruntime',
      device: 'cpu',
      label: null,
      settings: { ...defaultTargetSettings, deviceIndexes },
    },
    artifact: { format: 'onnx', path: file ?? onnxOf(await loadModel('cars-mlp')).path },
    threads: 1,
    batchSize: 1,
    samples: { features: { type: 'float32', shape: [4, 9], data: new Float32Array(36) } },
    seed: 1,
    level: 0.95,
    budget: forms.quick.scenarios,
  };
}

test('each device beside the first calls batches of its own at the same time', async () => {
  const devices = await startDevices(await requestOn([0, 2, 5]));
  onTestFinished(() => devices.close());
  for (const batchSize of [1, 8]) {
    const rounds = await devices.run({ batchSize, durationMs: 5 });
    expect(rounds).toHaveLength(2);
    for (const { calls, durationMs } of rounds) {
      expect(calls).toBeGreaterThan(0);
      expect(durationMs).toBeGreaterThanOrEqual(5);
    }
  }
});

test('where one device fails at a batch size, no answer of another is taken for one to the next', async () => {
  const thread = new URL('../../fakes/device-thread.ts', import.meta.url);
  const devices = await startDevices(await requestOn([0, 1, 2]), thread);
  onTestFinished(() => devices.close());
  await expect(devices.run({ batchSize: 8, durationMs: 1 })).rejects.toThrow('out of memory');
  const rounds = await devices.run({ batchSize: 1, durationMs: 1 });
  expect(rounds.map(({ calls }) => calls)).toEqual([1, 1]);
});

test('a target of one device has none beside it', async () => {
  const devices = await startDevices(await requestOn([3]));
  expect(await devices.run({ batchSize: 1, durationMs: 1 })).toEqual([]);
  await devices.close();
});

test('a device that cannot load the model says why', async () => {
  await expect(startDevices(await requestOn([0, 1], import.meta.filename))).rejects.toThrow(
    'is not a whole ONNX model',
  );
});

function roundsOf(beside: (durationMs: number) => Promise<readonly Round[]>): ReturnType<typeof runRounds> {
  let nowMs = 0;
  const call = (): void => {
    nowMs += 2;
  };
  const parts = { clock: { nowMs: () => nowMs }, random: createRandom(1) };
  return runRounds([{ value: 4, call, beside }], { rounds: 1, roundMs: 10 }, parts);
}

test('a round of several devices has the calls of all, for as long as the slowest took', async () => {
  const asked: number[] = [];
  const swept = await roundsOf((durationMs) => {
    asked.push(durationMs);
    return Promise.resolve([
      { calls: 3, durationMs: 12, p50Ms: 4 },
      { calls: 7, durationMs: 10.5, p50Ms: 1.5 },
    ]);
  });
  expect(asked).toEqual([10]);
  expect(swept).toEqual([
    { status: 'measured', value: 4, rounds: [{ calls: 15, durationMs: 12, p50Ms: 2 }] },
  ]);
});

test('a setting that one of the devices cannot run has failed', async () => {
  const swept = await roundsOf(() => Promise.reject(new Error('out of memory on device 1')));
  expect(swept).toEqual([{ status: 'failed', value: 4, reason: 'out of memory on device 1' }]);
});
