import { copyFile, mkdtemp, mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { packageRoot } from '../../core/package-root.ts';
import { contentBytes } from '../../models/content-hash.ts';
import { loadModel, onnxOf } from '../../models/manifest.ts';
import { readRuns } from '../../results/read-runs.ts';
import type { StoredRecord } from '../../results/schema.ts';
import { defaultTargetSettings, formatTarget } from '../../results/target-schema.ts';
import { checkTargets } from '../../runners/check-targets.ts';
import { planSuites } from '../../runners/plan.ts';
import { evaluateCell } from '../../runners/pool/evaluate-cell.ts';
import { seePlacement } from '../../runners/pool/placement.ts';
import { startHost } from '../../runners/pool/supervise.ts';
import type { EvaluateTask } from '../../runners/pool/task.ts';
import { startThreadLanes } from '../../runners/pool/thread-lanes.ts';
import { prepareGroups } from '../../runners/prepare-cells.ts';
import { probeTargets } from '../../runners/probe-targets.ts';
import { importRunner } from '../../runners/registry.ts';
import { targetsOf } from '../../runners/targets-of.ts';
import { loadSuites } from '../../suites/load.ts';
import { parseTarget } from '../../suites/target.ts';
import { createProject, runTiny, suite } from '../cli/project.ts';
import { onnxFile, onnxModels } from '../contracts/contract-models.ts';
import { testRunner } from '../contracts/runner-contract.ts';
import { freshHost } from '../fakes/fresh-host.ts';
import { folderOfChromium, useSoftwareAdapter } from './software-adapter.ts';

useSoftwareAdapter();
const webgpu = parseTarget('onnxruntime/webgpu');

testRunner('onnxruntime/webgpu', async () => {
  const { path: file } = onnxOf(await loadModel('cars-mlp'));
  const runner = await importRunner('onnxruntime');
  return { runner, device: 'webgpu', artifact: { format: 'onnx', path: file }, width: 9, models: onnxModels };
});

/** Adds on the device, and looks up what differs from 0, for which WebGPU has no kernel. */
const halfSupported = await onnxFile((graph) => {
  const port = { type: 'float32', shape: ['rows', 2] } as const;
  const x = graph.input('x', port);
  graph.output(graph.node('NonZero', [graph.node('Add', [x, x])], { outputs: ['y'] }), {
    type: 'int64',
    shape: [2, 'found'],
  });
});
const x = { type: 'float32', shape: [1, 2], data: Float32Array.of(1, 0) } as const;

test('nodes that ran on the processor instead are counted by operator', async () => {
  const model = { artifact: halfSupported, target: webgpu, deviceIndex: 0 };
  const [doubt, ...others] = await seePlacement({ kind: 'placement', model, inputs: { x } });
  expect(others).toEqual([]);
  expect(doubt).toMatchObject({ code: 'cpu-fallback' });
  expect(doubt?.detail).toMatch(
    /^1 of \d nodes ran on the processor, for want of a kernel on webgpu: 1 NonZero\.$/,
  );
  const whole = { ...model, artifact: await onnxModels.open() };
  expect(await seePlacement({ kind: 'placement', model: whole, inputs: { x } })).toEqual([]);
});

test('a session option refuses a model that would fall back', async () => {
  const runner = await importRunner('onnxruntime');
  const sessionOptions = { 'session.disable_cpu_ep_fallback': true };
  const settings = { ...defaultTargetSettings, sessionOptions, device: 'webgpu', deviceIndex: 0, threads: 1 };
  await expect(runner.load(halfSupported, settings)).rejects.toThrow(
    /fallback to CPU EP has been explicitly disabled/,
  );
  await (await runner.load(await onnxModels.open(), settings)).close();
});

test('what the device cannot take is foreseen, and cells that compute in float16 are skipped with that reason', async () => {
  const { folder, write } = await createProject();
  const whole = { label: 'whole', sessionOptions: { 'session.disable_cpu_ep_fallback': true } };
  const targets = ['onnxruntime/webgpu', { target: 'onnxruntime/webgpu', ...whole }];
  await copyFile(halfSupported.path, path.join(folder, 'mine.onnx'));
  await write('mine.suite.json', JSON.stringify({ ...suite, variants: ['fp16'], targets }));
  const planned = await planSuites(await loadSuites([path.join(folder, 'mine.suite.json')]));
  const host = freshHost();
  const probes = await probeTargets(targetsOf(planned), host);
  const found = await checkTargets(planned, { probes, host });
  expect(found.map(({ variant, target, means, reason }) => [variant, target.label, means, reason])).toEqual([
    ['fp16', null, 'skipped', expect.stringMatching(/does not compute in float16: .*requires f16/)],
    ['fp32', null, 'in-doubt', expect.stringContaining('1 NonZero')],
    ['fp16', 'whole', 'skipped', expect.stringContaining('float16')],
    ['fp32', 'whole', 'fails', expect.stringContaining('fallback to CPU EP has been explicitly disabled')],
  ]);
  const groups = await prepareGroups(planned, { cacheDir: path.join(folder, 'built'), probes, host });
  const plans = groups.map(({ cells }) => cells.find(({ variant }) => variant.name === 'fp16')?.plan);
  expect(plans).toMatchObject(
    [found[0], found[2]].map((skip) => ({ status: 'skipped', reason: skip?.reason })),
  );
});

test('a suite is evaluated on the device: quality is measured, latency is withheld with the reason and the doubt', async () => {
  const { folder, write } = await createProject();
  const targets = ['onnxruntime/cpu', 'onnxruntime/webgpu'];
  await write('mine.suite.json', JSON.stringify({ ...suite, variants: ['fp32'], targets }));
  const { stdout } = await runTiny(folder);
  const {
    runs: [run],
  } = await readRuns(path.join(folder, 'assay-results'));
  const records = (run?.records ?? []).map(({ record }) => record);
  const [reference, found] = targets.map((target) => mseOn(target, records));
  expect(found).toBeCloseTo(reference ?? NaN, 6);
  const group = records.find(
    (record) => record.kind === 'group' && formatTarget(record.subject.target) === targets[1],
  );
  expect(group).toMatchObject({
    warnings: [
      { code: 'software-adapter', detail: expect.stringContaining('libvk_swiftshader.so') as string },
    ],
  });
  expect(group?.kind === 'group' && group.variants).toMatchObject([
    {
      latency: null,
      timed: {
        status: 'skipped',
        reason: expect.stringContaining('software') as string,
      },
    },
  ]);
  expect(stdout).toContain('software-adapter');
});

test('models that are evaluated at once share the device as if one after the other', async () => {
  const tasks = await Promise.all([
    evaluationOf('cars-mlp', { dataset: 'cars', task: { kind: 'regression' }, metrics: ['mse'] }),
    evaluationOf('tumours-mlp', {
      dataset: 'tumours',
      task: { kind: 'classification', scores: 'logits' },
      metrics: ['accuracy'],
    }),
  ]);
  const inTurn = [];
  for (const task of tasks) inTurn.push(await evaluateCell(task));
  const lanes = startThreadLanes(2);
  for (let round = 0; round < 3; round++)
    expect(await Promise.all(tasks.map((task) => evaluateCell(task, lanes)))).toEqual(inTurn);
});

async function evaluationOf(
  model: string,
  what: Pick<EvaluateTask, 'dataset' | 'task' | 'metrics'>,
): Promise<EvaluateTask> {
  const file = path.join(packageRoot, `models/catalog/${model}/model.onnx`);
  const sizeBytes = await contentBytes([file]);
  const artifact = { format: 'onnx', path: file } as const;
  return { kind: 'evaluate', target: webgpu, artifact, sizeBytes, ...what, level: 0.95, seed: 1 };
}

function mseOn(target: string, records: readonly StoredRecord[]): number | undefined {
  const cell = records.find(
    (record) => record.kind === 'cell' && formatTarget(record.subject.target) === target,
  );
  if (cell?.kind !== 'cell' || cell.outcome.status !== 'measured') return undefined;
  return cell.outcome.metrics[0]?.value ?? undefined;
}

const { VK_DRIVER_FILES, XDG_DATA_HOME } = process.env;
afterEach(() => {
  restore({ VK_DRIVER_FILES, XDG_DATA_HOME });
});

function restore(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
}

test('a software driver that is found as an installed one is, named by no variable, counts as software', async () => {
  const data = await mkdtemp(path.join(os.tmpdir(), 'drivers-'));
  const folder = path.join(data, 'vulkan', 'icd.d');
  await mkdir(folder, { recursive: true });
  const library = {
    library_path: path.join(folderOfChromium(), 'libvk_swiftshader.so'),
    api_version: '1.1.0',
  };
  await writeFile(
    path.join(folder, 'a.json'),
    JSON.stringify({ file_format_version: '1.0.0', ICD: library }),
  );
  restore({ VK_DRIVER_FILES: undefined, XDG_DATA_HOME: data });
  const host = startHost({ workers: 1, timeoutMs: 60_000 });
  const probed = await host.run({ kind: 'probe', target: webgpu });
  host.close();
  expect(probed).toMatchObject({
    status: 'done',
    result: {
      status: 'works',
      isSoftware: true,
      detail: expect.stringContaining('libvk_swiftshader.so') as string,
    },
  });
});
