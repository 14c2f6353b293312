import { rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sha256 } from '../../core/hash.ts';
import { planSuites } from '../../runners/plan.ts';
import { startHost, type Host } from '../../runners/pool/supervise.ts';
import { prepareGroups, type PreparedCell, type PreparedGroup } from '../../runners/prepare-cells.ts';
import type { Probe } from '../../runners/runner.ts';
import { loadSuites } from '../../suites/load.ts';
import { createProject, linearModel, suite } from '../cli/project.ts';
import { freshHost } from '../fakes/fresh-host.ts';
import { endlessModel } from '../fakes/harmful-models.ts';
import { childPids } from './child-pids.ts';

const missingWeights = JSON.stringify({
  format: 'layers-model',
  modelTopology: {},
  weightsManifest: [{ paths: ['gone.bin'], weights: [] }],
});

/** A manifest of the project's model with a TF.js form that holds `json`. */
function modelManifest(json: string): Record<string, unknown> {
  const onnx = linearModel(2);
  const pin = (name: string, content: string | Uint8Array): Record<string, unknown> => ({
    path: name,
    sha256: sha256(content),
    sizeBytes: Buffer.byteLength(content),
  });
  return {
    id: 'mine',
    title: 'Mine',
    description: '',
    licence: 'MIT',
    task: 'regression',
    dataset: './mine.dataset.json',
    training: null,
    onnx: pin('mine.onnx', onnx),
    tfjs: { ...pin('model.json', json), weights: [] },
    tfjsReason: null,
    input: { name: 'x', shape: ['batch', 2] },
    output: { name: 'y', kind: 'values' },
    reached: [],
  };
}

const works: Probe = { status: 'works', detail: '', isSoftware: false };

const timeoutMs = 8000;

async function prepareProject(folder: string, host: Host): Promise<PreparedGroup[]> {
  const planned = await planSuites(await loadSuites([path.join(folder, 'mine.suite.json')]));
  const probes = new Map(['onnxruntime/cpu', 'tfjs/cpu'].map((target) => [target, works]));
  return prepareGroups(planned, { cacheDir: path.join(folder, 'built'), probes, host });
}

test('a TF.js model whose weights are missing is refused before anything is built, with the file named', async () => {
  const { folder, write } = await createProject();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await write('model.json', missingWeights);
  await write('mine.model.json', JSON.stringify(modelManifest(missingWeights)));
  const targets = ['onnxruntime/cpu', 'tfjs/cpu'];
  const models = ['./mine.model.json'];
  await write('mine.suite.json', JSON.stringify({ ...suite, models, targets, variants: ['fp32'] }));
  await expect(prepareProject(folder, freshHost())).rejects.toThrow('gone.bin');
});

/** Prepares variants of an endless model; what came of each by its name. */
async function prepareEndless(variants: string[]): Promise<Record<string, PreparedCell['plan']>> {
  const { folder, write } = await createProject();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await write('mine.onnx', endlessModel());
  await write('mine.suite.json', JSON.stringify({ ...suite, variants }));
  const host = startHost({ workers: 2, timeoutMs });
  onTestFinished(host.close);
  const [group] = await prepareProject(folder, host);
  return Object.fromEntries(group?.cells.map(({ variant, plan }) => [variant.name, plan]) ?? []);
}

test('a variant whose building never ends is a timeout of its cell, and the others are built', async () => {
  expect(await prepareEndless(['int8-static', 'int8-dynamic'])).toMatchObject({
    fp32: { status: 'ready' },
    'int8-dynamic': { status: 'ready' },
    'int8-static': { status: 'failed', code: 'timeout', reason: `no result within ${timeoutMs} ms` },
  });
});

test('a process that dies while it builds is a crash of the cell', async () => {
  const killer = setInterval(() => {
    for (const pid of childPids('pool/host')) process.kill(pid, 'SIGABRT');
  }, 500);
  onTestFinished(() => {
    clearInterval(killer);
  });
  expect(await prepareEndless(['int8-static'])).toMatchObject({
    'int8-static': {
      status: 'failed',
      code: 'crashed',
      reason: 'the runner process ended by signal SIGABRT',
    },
  });
});
