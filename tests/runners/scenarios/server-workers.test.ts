import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { forms } from '../../../runners/form.ts';
import { createQueue } from '../../../runners/scenarios/query-queue.ts';
import type { ScenarioRequest } from '../../../runners/scenarios/request.ts';
import { startWorkers, type ServerWorkers } from '../../../runners/scenarios/server-workers.ts';
import { scenarioSchema } from '../../../suites/scenario-schema.ts';
import { parseTarget } from '../../../suites/target.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'assay-workers-'));
});
afterAll(() => rm(folder, { recursive: true }));

const request: ScenarioRequest = {
  scenario: scenarioSchema.parse({ kind: 'server', latencyBoundMs: 10 }),
  target: parseTarget('onnxruntime/cpu'),
  artifact: { format: 'onnx', path: 'model' },
  threads: 1,
  batchSize: 1,
  samples: { x: { type: 'float32', shape: [1, 1], data: new Float32Array(1) } },
  seed: 4,
  level: 0.95,
  budget: forms.quick.scenarios,
};
const queue = createQueue(Float64Array.of(1), { startMs: 0, deadlineMs: 1 });

/** Threads of this code, which is given what a worker of ours is given. */
async function start(count: number, code: string): Promise<ServerWorkers> {
  const file = path.join(folder, `${count}-${code.length}.mjs`);
  await writeFile(file, `import { parentPort, workerData } from 'node:worker_threads';\n${code}`);
  const workers = await startWorkers(count, request, pathToFileURL(file));
  onTestFinished(() => workers.close());
  return workers;
}

const ready = 'parentPort.postMessage({ kind: "ready", isSteady: true, callMs: workerData.seed });';

test('each thread draws from a seed of its own', async () => {
  const { capacity } = await start(2, `${ready} parentPort.on("message", () => {});`);
  expect(capacity).toBe(1000 / 4 + 1000 / 5);
});

test('a thread that ends without a word before it is warm is an error, not a wait', async () => {
  await expect(start(2, 'process.exit(0);')).rejects.toThrow(
    'a thread of the scenario ended by itself, with exit code 0',
  );
});

test('a thread that ends while it serves is an error, and so is asking it again', async () => {
  const workers = await start(1, `${ready} parentPort.once("message", () => process.exit(3));`);
  await expect(workers.serve(queue)).rejects.toThrow('exit code 3');
  await expect(workers.serve(queue)).rejects.toThrow('exit code 3');
});

test('a thread that throws is told with what it threw', async () => {
  await expect(start(1, 'throw new Error("no memory left");')).rejects.toThrow('no memory left');
});
