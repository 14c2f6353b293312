import { rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sha256 } from '../../core/hash.ts';
import { buildInHost } from '../../runners/build-in-host.ts';
import { planSuites } from '../../runners/plan.ts';
import { startHost, type Host } from '../../runners/pool/supervise.ts';
import { prepareGroups, type PreparedGroup } from '../../runners/prepare-cells.ts';
import type { Probe } from '../../runners/runner.ts';
import { loadSuites } from '../../suites/load.ts';
import { createProject, linearModel, suite } from '../cli/project.ts';
import { freshHost } from '../fakes/fresh-host.ts';
import { writeTwoNumbersModel } from '../fakes/tfjs-models.ts';
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

/** What became of each cell of a model.json, by runner and variant: its format and passes, or why it is left out. */
async function prepareTfjs(kind: 'dense' | 'recurrent'): Promise<Record<string, string>> {
  const { folder, write } = await createProject();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeTwoNumbersModel(path.join(folder, 'two'), kind);
  const models = ['./two/model.json'];
  const targets = ['tfjs/cpu', 'onnxruntime/cpu'];
  const variants = ['uint8-storage', 'int8-dynamic', 'prune-magnitude-50'];
  await write('mine.suite.json', JSON.stringify({ ...suite, models, targets, variants }));
  const groups = await prepareProject(folder, freshHost());
  const cells = groups.flatMap(({ group, cells: prepared }) =>
    prepared.map(({ variant, plan }): [string, string] => [
      `${group.target.runner} ${variant.name}`,
      plan.status === 'ready'
        ? [plan.artifact.format, ...variant.passes.map(({ pass }) => pass)].join(' ')
        : plan.reason,
    ]),
  );
  return Object.fromEntries(cells);
}

test('a model.json runs on TF.js as it is and on ONNX Runtime exported, each variant where it has a form', async () => {
  expect(await prepareTfjs('dense')).toEqual({
    'tfjs fp32': 'tfjs',
    'tfjs uint8-storage': 'tfjs store-weights',
    'tfjs int8-dynamic': 'its passes rewrite ONNX models only',
    'tfjs prune-magnitude-50': 'tfjs prune-magnitude',
    'onnxruntime fp32': 'onnx export-onnx',
    'onnxruntime uint8-storage': 'its passes rewrite TF.js models only',
    'onnxruntime int8-dynamic': 'onnx export-onnx quantize-dynamic',
    'onnxruntime prune-magnitude-50': 'onnx export-onnx prune-magnitude',
  });
});

test('a model.json that cannot become ONNX runs on TF.js and is left out elsewhere, its layer named', async () => {
  expect(await prepareTfjs('recurrent')).toMatchObject({
    'tfjs fp32': 'tfjs',
    'onnxruntime fp32': expect.stringContaining('Layer "memory" (SimpleRNN) cannot become ONNX.') as string,
  });
});

test('a variant whose building never ends is a timeout, and the one beside it is built', async () => {
  const { folder, write } = await createProject();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const bytes = endlessModel();
  await write('endless.onnx', bytes);
  const request = {
    model: { path: path.join(folder, 'endless.onnx'), sha256: sha256(bytes) },
    dataset: path.join(folder, 'mine.dataset.json'),
    cacheDir: path.join(folder, 'built'),
  };
  const host = startHost({ workers: 2, timeoutMs: 60_000 });
  onTestFinished(host.close);
  const limits = { timeoutMs: 3000, memoryBytes: Infinity };
  const built = [
    buildInHost({ ...request, variant: 'int8-static' }, host, limits),
    buildInHost({ ...request, variant: 'int8-dynamic' }, host),
  ];
  expect(await Promise.all(built)).toMatchObject([
    { status: 'failed', code: 'timeout', reason: 'no result within 3000 ms' },
    { status: 'built' },
  ]);
});

test('a process that dies while it builds is a crash of the cell', async () => {
  const killer = setInterval(() => {
    for (const pid of childPids('host.js')) process.kill(pid, 'SIGABRT');
  }, 500);
  onTestFinished(() => {
    clearInterval(killer);
  });
  const { folder, write } = await createProject();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await write('mine.onnx', endlessModel());
  await write('mine.suite.json', JSON.stringify({ ...suite, variants: ['int8-static'] }));
  const [group] = await prepareProject(folder, freshHost());
  expect(group?.cells[1]).toMatchObject({
    variant: { name: 'int8-static' },
    plan: { status: 'failed', code: 'crashed', reason: 'the process ended by signal SIGABRT' },
  });
});
