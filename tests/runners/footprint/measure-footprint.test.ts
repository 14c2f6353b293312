import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadModel, onnxOf } from '../../../models/manifest.ts';
import { buildGraph } from '../../../models/onnx/builder.ts';
import { encodeModel } from '../../../models/onnx/write.ts';
import { footprintDoubts } from '../../../runners/doubts/footprint-doubts.ts';
import { measureFootprint, type FootprintTimes } from '../../../runners/footprint/measure-footprint.ts';
import { summariseFootprint } from '../../../runners/footprint/summarise-footprint.ts';
import { childPids } from '../child-pids.ts';
import { parseTarget } from '../../../suites/target.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'assay-footprint-'));
});
afterAll(() => rm(folder, { recursive: true }));

function footprintOf(file: string, processes = 1): Promise<FootprintTimes> {
  const request = {
    target: parseTarget('onnxruntime/cpu'),
    threads: 1,
    artifact: { format: 'onnx', path: file },
    inputs: { x: { type: 'float32', shape: [1, 9], data: new Float32Array(9) } },
    callsMs: 20,
    generation: null,
  } as const;
  const signal = new AbortController().signal;
  return measureFootprint(request, { processes, timeoutMs: 60_000, signal });
}

/** The input plus normal noise. */
async function writeDice(): Promise<string> {
  const graph = buildGraph('dice');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 9] });
  graph.node('Add', [x, graph.node('RandomNormalLike', [x])], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 9] });
  const file = path.join(folder, 'dice.onnx');
  await writeFile(file, encodeModel(graph.model()));
  return file;
}

test('a small model has a footprint in every figure', async () => {
  const onnx = onnxOf(await loadModel('cars-mlp'));
  const times = await footprintOf(onnx.path, 2);
  if (times.status === 'failed') throw new Error(times.reason);
  const { processes, loadMs, firstCallMs, memory, outputs, floorMs } = summariseFootprint(times.processes);
  expect(processes).toBe(2);
  expect(Math.min(loadMs, firstCallMs, floorMs ?? 0)).toBeGreaterThan(0);
  expect(memory?.peakBytes).toBeGreaterThanOrEqual(memory?.steadyBytes ?? Infinity);
  expect(memory?.steadyBytes).toBeGreaterThan(memory?.idleBytes ?? Infinity);
  expect(outputs).toMatchObject({ isRepeatable: true });
  expect(footprintDoubts('cars', times)).toEqual([]);
});

test('a model of random outputs is found to be one', async () => {
  const times = await footprintOf(await writeDice());
  expect(footprintDoubts('dice', times).map(({ code }) => code)).toEqual(['not-deterministic']);
});

test('a file that is no model ends as a failure with its reason, and as a doubt', async () => {
  const times = await footprintOf(import.meta.filename);
  expect(times).toMatchObject({
    status: 'failed',
    reason: expect.stringMatching(/not a whole ONNX model/) as string,
  });
  const [doubt] = footprintDoubts('text', times);
  expect(doubt?.code).toBe('footprint-failed');
  expect(doubt?.detail).toContain('text ran beside its baseline, but not alone');
});

test('a process that is killed is a failure that says how it ended', async () => {
  const onnx = onnxOf(await loadModel('cars-mlp'));
  const running = footprintOf(onnx.path);
  for (const pid of childPids('footprint-process')) process.kill(pid, 'SIGSEGV');
  expect(await running).toEqual({ status: 'failed', reason: 'the process ended by signal SIGSEGV' });
});
