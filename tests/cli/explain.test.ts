import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { buildGraph } from '../../models/onnx/builder.ts';
import { encodeModel } from '../../models/onnx/write.ts';
import { endlessModel } from '../fakes/harmful-models.ts';
import { createProject, runCli, startCli, type Project } from './project.ts';

interface Prospect {
  variant: string;
  status: string;
  reason: string;
  expected: { ratio: { low: number; high: number }; reached: number; parts: unknown[] };
  advice: { code: string }[];
}

interface Node {
  operator: string;
  provider: string;
  ms: number;
}

interface Answer {
  data: {
    prospects: Prospect[];
    status: string;
    cpuFlags: string[];
    operators: Record<'baseline' | 'variant', { stored: object; executed: object }>;
    profiles: Record<'baseline' | 'variant', { nodes: Node[] }>;
    expected: { ratio: { low: number; high: number }; parts: { sources: { text: string }[] }[] };
    latency: { ratio: number; processes: number; interval: { low: number; high: number } };
    advice: { code: string; action: string }[];
  };
  errors: { message: string; hint: string }[];
}

function answerOf(stdout: string): Answer {
  return JSON.parse(stdout) as Answer;
}

describe('the overview of all passes', () => {
  let prospects: Prospect[];

  beforeAll(async () => {
    const { folder } = await createProject();
    const { exitCode, stdout } = await runCli(folder, 'explain', 'digits-cnn', '--json');
    expect(exitCode).toBe(0);
    ({ prospects } = answerOf(stdout).data);
  });

  const of = (name: string): Prospect | undefined => prospects.find(({ variant }) => variant === name);

  test('tries each pass on the model: one with nothing to do is not said to be faster', () => {
    expect(of('prune-heads-50')).toMatchObject({ status: 'not-applicable' });
    expect(of('prune-heads-50')?.reason).toContain('no layer has heads');
    expect(of('int8-static')).toMatchObject({ status: 'made' });
  });

  test('expects no more of a pass than the time of what it reaches allows', () => {
    const [dynamic, whole] = [of('int8-dynamic')?.expected, of('int8-static')?.expected];
    expect(dynamic?.reached).toBeGreaterThan(0);
    expect(dynamic?.reached).toBeLessThan(whole?.reached ?? 0);
    expect(dynamic?.ratio.high).toBeLessThan(1 / (1 - (dynamic?.reached ?? 0)));
  });

  test('promises no speed of float16 on a CPU, nor of zeros', () => {
    expect(of('fp16')?.expected.ratio.high).toBeLessThan(1.15);
    expect(of('fp16')?.expected.ratio.low).toBeLessThan(0.8);
    expect(of('fp16')?.advice.map(({ code }) => code)).toContain('half-precision-on-cpu');
    expect(of('prune-2-of-4')?.advice.map(({ code }) => code)).toContain('zeros-on-dense-kernels');
  });
});

test('one variant is made, profiled, timed beside the baseline and held against what was to be expected', async () => {
  const { folder } = await createProject();
  const { exitCode, stdout, stderr } = await runCli(
    folder,
    'explain',
    'tumours-mlp',
    'int8-dynamic',
    '--json',
  );
  expect(exitCode).toBe(0);
  const { data } = answerOf(stdout);
  expect(data.operators.baseline.executed).toEqual({ FusedGemm: 2, Gemm: 1, Softmax: 1 });
  expect(data.operators.variant.executed).toEqual({ DynamicQuantizeMatMul: 3, Relu: 2, Softmax: 1 });
  expect(data.profiles.variant.nodes.map(({ operator }) => operator)).toContain('DynamicQuantizeMatMul');
  expect(new Set(data.profiles.variant.nodes.map(({ provider }) => provider))).toEqual(new Set(['CPU']));
  expect(data.profiles.variant.nodes.every(({ ms }) => ms >= 0)).toBe(true);
  expect(data.latency.processes).toBe(9);
  expect(data.expected.parts.flatMap(({ sources }) => sources).every(({ text }) => text !== '')).toBe(true);
  const codes = data.advice.map(({ code }) => code);
  // Whether kernels may saturate is up to the processor.
  expect(codes.filter((code) => code !== 'may-saturate')).toEqual(['too-small-to-gain']);
  expect(data.cpuFlags.length).toBeGreaterThan(0);
  expect(stderr.split('\n').slice(0, 2)).toEqual(['probing onnxruntime/cpu', 'profiling the baseline']);
});

test('a variant that has nothing to do is explained by its reason', async () => {
  const { folder } = await createProject();
  const explain = ['explain', 'tumours-mlp', 'prune-heads-50'];
  const { exitCode, stdout } = await runCli(folder, ...explain);
  expect(exitCode).toBe(4);
  expect(stdout).toContain('prune-heads-50 of tumours-mlp on onnxruntime/cpu: not applicable');
  const asData = JSON.parse((await runCli(folder, ...explain, '--json')).stdout) as { errors: unknown[] };
  expect(asData.errors).toMatchObject([
    { code: 'not-applicable', message: expect.stringMatching(/^prune-heads-50: ./) as string },
  ]);
});

test('a variant that TF.js models alone have is explained as one for storage', async () => {
  const { folder } = await createProject();
  const args = ['explain', 'cars-mlp', 'prune-magnitude-50+uint8-storage'];
  const { exitCode, stdout } = await runCli(folder, ...args);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('float32 weights stored as uint8');
  expect(stdout).toMatch(/storage-only: [^]*zeros-on-dense-kernels: /);
});

test('a model that does not load is told as such, whatever the data, with exit code 2', async () => {
  const { folder, write } = await createProject();
  const graph = buildGraph('unknown');
  graph.node('Frobnicate', [graph.input('x', { type: 'float32', shape: ['batch', 2] })], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 1] });
  await write('unknown.onnx', encodeModel(graph.model()));
  const { exitCode, stderr } = await runCli(folder, 'explain', 'unknown.onnx');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('unknown.onnx does not load in ONNX Runtime: ');
  expect(stderr).toContain('Next: Export it with operators that ONNX Runtime 1.30 has kernels for.');
});

describe('bad input', () => {
  let project: Project;

  beforeAll(async () => {
    project = await createProject();
    await writeFile(path.join(project.folder, 'page.onnx'), '<!doctype html><html>404</html>');
    await project.write('endless.onnx', endlessModel());
  });

  test.each([
    ['a variant that does not exist', ['tumours-mlp', 'int9-dynamic'], '"int9-dynamic"'],
    ['a file that is no model', ['page.onnx'], 'is not a whole ONNX model'],
    ['a target whose operators cannot be timed', ['tumours-mlp', '--target', 'tfjs/wasm'], 'tfjs/wasm'],
    ['a dataset that does not exist', ['mine.onnx', '--dataset', 'cats'], 'Unknown dataset "cats"'],
    [
      'a dataset that does not fit',
      ['mine.onnx', '--dataset', 'digits'],
      'input "x" accepts float32 [batch, 2]',
    ],
    ['a shape that does not fit', ['mine.onnx', '--shape', 'x=1x3'], 'the model accepts anyx2'],
  ])('%s is named, with exit code 2', async (_, args, message) => {
    const { exitCode, stderr } = await runCli(project.folder, 'explain', ...args);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });

  test('a model that never ends is ended, with exit code 4', async () => {
    const args = ['explain', 'endless.onnx', '--timeout', '3'];
    const { exitCode, stderr } = await runCli(project.folder, ...args);
    expect(stderr).toContain('within 3000 ms');
    expect(exitCode).toBe(4);
  });

  test('Ctrl-C ends a model that never ends', async () => {
    const child = startCli(project.folder, 'explain', 'endless.onnx');
    onTestFinished(() => void child.kill('SIGKILL'));
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    const ended = new Promise((resolve) => child.once('close', resolve));
    await expect.poll(() => stderr, { timeout: 120_000 }).toContain('profiling the baseline');
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(stderr).toContain('Interrupted.');
  });
});

test('a model of the user without data is explained on inputs that are made up', async () => {
  const { folder } = await createProject();
  const { exitCode, stdout } = await runCli(folder, 'explain', 'mine.onnx', '--batch-size', '4');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('x 4x2, made up');
  expect(stdout).toMatch(/int8-static +- +not applicable .*it needs calibration data and there are none/);
});
