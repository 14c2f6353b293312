import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { sha256 } from '../../core/hash.ts';
import { createRandom } from '../../core/random.ts';
import { buildGraph } from '../../models/onnx/builder.ts';
import { encodeModel } from '../../models/onnx/write.ts';
import { bundled } from '../bundled.ts';

const main = bundled('main');
const tinyMain = bundled('tiny-main');

export interface CliOutcome {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Runs the command line as a user would, in a folder of its own. */
export function runCli(cwd: string, ...args: string[]): Promise<CliOutcome> {
  return outcomeOf(process.execPath, [main, ...args], { cwd });
}

/** `runCli` with some of the environment changed. */
export function runWith(env: NodeJS.ProcessEnv, cwd: string, ...args: string[]): Promise<CliOutcome> {
  return outcomeOf(process.execPath, [main, ...args], { cwd, env });
}

/** `runTiny` without a build, as in a clone. */
export function runTinyFromSource(cwd: string): Promise<CliOutcome> {
  const source = path.join(import.meta.dirname, 'tiny-main.ts');
  return outcomeOf(process.execPath, [source, 'mine.suite.json'], { cwd });
}

/** Runs suites of a project in a form of next to no time; its files may grow to so many blocks of 512 bytes. */
export function runTiny(
  cwd: string,
  {
    largestFileBlocks,
    suites = ['mine.suite.json'],
  }: { largestFileBlocks?: number; suites?: readonly string[] } = {},
): Promise<CliOutcome> {
  const limit = `ulimit -f ${largestFileBlocks ?? 'unlimited'} && exec "$0" "$@"`;
  const args = ['-c', limit, process.execPath, tinyMain, ...suites];
  return outcomeOf('sh', args, { cwd });
}

/** `runCli` with a stream that goes to a disk without room. */
export function runOnFullDisk(
  cwd: string,
  stream: 'stdout' | 'stderr',
  ...args: string[]
): Promise<CliOutcome> {
  const redirected = `exec "$0" "$@" ${stream === 'stdout' ? 1 : 2}>/dev/full`;
  return outcomeOf('sh', ['-c', redirected, process.execPath, main, ...args], { cwd });
}

function outcomeOf(
  program: string,
  args: readonly string[],
  { cwd, env }: { cwd: string; env?: NodeJS.ProcessEnv },
): Promise<CliOutcome> {
  return new Promise((resolve) => {
    execFile(program, args, { cwd, env: { ...environment(), ...env } }, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

/** `runTiny`, to be disturbed. */
export function startTiny(cwd: string): ChildProcess {
  return spawnCli(cwd, [tinyMain, '--two-workers', 'mine.suite.json']);
}

export function startCli(cwd: string, ...args: string[]): ChildProcess {
  return spawnCli(cwd, [main, ...args]);
}

/** A command line that gets a signal, by default of Ctrl-C, while it loads a module of ours, by a part of its URL. */
export function startInterrupted(
  cwd: string,
  { module, signal = 'SIGINT' }: { module: string; signal?: NodeJS.Signals },
  ...args: string[]
): ChildProcess {
  return spawnCli(cwd, [
    '--import',
    asModule(onLoadOf(module, `process.kill(process.pid, '${signal}')`)),
    main,
    ...args,
  ]);
}

/** A command line that gets Ctrl-C as it starts its first process, which cannot have answered by then. */
export function startInterruptedAtFork(cwd: string, ...args: string[]): ChildProcess {
  const hook = `
    import { subscribe } from 'node:diagnostics_channel';
    subscribe('child_process', () => process.kill(process.pid, 'SIGINT'));`;
  return spawnCli(cwd, ['--import', asModule(hook), main, ...args]);
}

/** A command line in which a promise is rejected that nobody waits for, once it loads a module of ours. */
export function startAtFault(cwd: string, module: string, ...args: string[]): ChildProcess {
  return spawnCli(cwd, [
    '--import',
    asModule(onLoadOf(module, `Promise.reject(new Error('lost'))`)),
    main,
    ...args,
  ]);
}

function onLoadOf(module: string, statement: string): string {
  return `
    import { registerHooks } from 'node:module';
    registerHooks({
      load(url, context, next) {
        if (url.includes('${module}')) ${statement};
        return next(url, context);
      },
    });`;
}

function asModule(script: string): string {
  return `data:text/javascript,${encodeURIComponent(script)}`;
}

function spawnCli(cwd: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, args, { cwd, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, NO_COLOR: '1' };
}

/** A user's folder with a suite, a dataset of two numbers and a label, and a linear model that predicts it. */
export interface Project {
  folder: string;
  write: (name: string, content: string | Uint8Array) => Promise<void>;
}

export const suite = {
  id: 'mine',
  title: 'Mine',
  task: { kind: 'regression' },
  dataset: './mine.dataset.json',
  models: ['./mine.onnx'],
  variants: ['int8-dynamic'],
  targets: ['onnxruntime/cpu'],
  metrics: ['mse'],
  policy: { maxDrop: { kind: 'relative', value: 0.5 }, maxSlowdown: 10 },
};

export function projectAt(folder: string): Project {
  return {
    folder,
    write: async (name, content) => {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), content);
    },
  };
}

export async function createProject(): Promise<Project> {
  const { folder, write } = projectAt(await mkdtemp(path.join(os.tmpdir(), 'assay-project-')));
  const rows = csvRows(60);
  await write('mine.csv', rows);
  await write('mine.dataset.json', JSON.stringify(datasetManifest(rows)));
  await write('mine.onnx', linearModel(2));
  await write('mine.suite.json', JSON.stringify(suite));
  return { folder, write };
}

/** y = 2 a - b, with noise. */
export function csvRows(count: number): string {
  const random = createRandom(1);
  const lines = Array.from({ length: count }, () => {
    const [a, b] = [random.normal(), random.normal()];
    return `${a},${b},${2 * a - b + 0.1 * random.normal()}`;
  });
  return `a,b,y\n${lines.join('\n')}\n`;
}

export function datasetManifest(csv: string): Record<string, unknown> {
  return {
    id: 'mine',
    title: 'Mine',
    description: '',
    source: 'made here',
    licence: 'MIT',
    origin: { kind: 'file', path: 'mine.csv' },
    sha256: sha256(csv),
    sizeBytes: Buffer.byteLength(csv),
    format: { kind: 'csv' },
    missing: { features: 'error', label: 'error' },
    inputs: [
      { kind: 'features', name: 'x', features: [{ kind: 'number', columns: ['a', 'b'], scaling: 'none' }] },
    ],
    target: { kind: 'value', column: 'y', unit: 'm' },
    split: { seed: 1, testShare: 0.5, stratify: false },
  };
}

/** An ONNX file that weighs its inputs 2, -1, 0, 0 … */
export function linearModel(features: number, first = 2): Uint8Array {
  const graph = buildGraph('linear');
  const x = graph.input('x', { type: 'float32', shape: ['batch', features] });
  const weights = Float32Array.from({ length: features }, (_, index) => [first, -1][index] ?? 0);
  const w = graph.initializer('w', { type: 'float32', shape: [features, 1], data: weights });
  graph.node('MatMul', [x, w], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 1] });
  return encodeModel(graph.model());
}
