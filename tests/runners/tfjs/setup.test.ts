import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { installPackage } from '../../../runners/tfjs/setup/install-package.ts';
import { fetchPublished } from '../../../runners/tfjs/setup/published-binary.ts';
import { reasonIn, runStep, type SetupContext } from '../../../runners/tfjs/setup/run-step.ts';
import { packageFolder } from '../../../runners/tfjs/setup/setup-folder.ts';
import { setUpTensorflow } from '../../../runners/tfjs/setup/set-up-tensorflow.ts';
import { buildAgainstWheel } from '../../../runners/tfjs/setup/wheel-binary.ts';
import { writeSmallWheel } from './small-wheel.ts';

/** Nothing listens there. */
const nowhere = 'http://127.0.0.1:9/';
const offline = {
  ...process.env,
  npm_config_registry: nowhere,
  npm_config_fetch_retries: '0',
  npm_config_prefer_offline: 'false',
  npm_config_cache: path.join(os.tmpdir(), 'empty-cache'),
  PIP_INDEX_URL: nowhere,
  PIP_RETRIES: '1',
  PIP_NO_CACHE_DIR: '1',
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'setup-'));
});

function within(environment: NodeJS.ProcessEnv, signal = new AbortController().signal): SetupContext {
  return { folder, environment, report: () => undefined, signal };
}

/** A PATH with nothing but these programs, which succeed. */
async function pathWith(...programs: readonly string[]): Promise<string> {
  const bin = path.join(folder, 'bin');
  await mkdir(bin);
  for (const program of programs) await symlink('/bin/true', path.join(bin, program));
  return bin;
}

test('without npm, or without its registry, what is missing is told', async () => {
  const without = within({ PATH: await pathWith() });
  await expect(installPackage('tfjs-node', without)).rejects.toMatchObject({
    code: 'target-unavailable',
    message: 'npm was not found; it comes with Node.',
  });
  await expect(installPackage('tfjs-node', within(offline))).rejects.toThrow(
    'npm did not install @tensorflow/tfjs-node: the npm registry cannot be reached over the network.',
  );
});

test('a published binary whose host does not answer is no way', async () => {
  const root = packageFolder('tfjs-node', folder);
  await mkdir(root, { recursive: true });
  await writeFile(path.join(root, 'package.json'), JSON.stringify({ binary: { host: nowhere } }));
  expect(await fetchPublished('tfjs-node', within(process.env))).toMatch(
    /^the published binary cannot be reached \(.+\)$/,
  );
});

test.runIf(process.platform === 'linux')(
  'a wheel takes a compiler, Python with pip, and its index: the first that is missing is told',
  async () => {
    await mkdir(packageFolder('tfjs-node', folder), { recursive: true });
    const reason = (environment: NodeJS.ProcessEnv): Promise<string | null> =>
      buildAgainstWheel('tfjs-node', within(environment));
    const bin = await pathWith('c++');
    expect(await reason({ PATH: bin, CXX: 'no-such-compiler' })).toBe(
      'building the addon takes a C++ compiler (apt install g++)',
    );
    expect(await reason({ PATH: bin })).toBe(
      'building the addon takes Python with pip (apt install python3-pip)',
    );
    expect(await reason(offline)).toBe(
      'pip did not download TensorFlow: the index of pip cannot be reached over the network',
    );
  },
);

/** What the building takes; without it there is nothing to test. */
const canBuild =
  process.platform === 'linux' &&
  [
    ['c++', '--version'],
    ['python3', '-m', 'pip', '--version'],
  ].every(([program = '', ...args]) => spawnSync(program, args).status === 0);

test.runIf(canBuild)(
  'an addon is compiled against the libraries that pip finds in a wheel, and finds them where it is loaded',
  async () => {
    const root = packageFolder('tfjs-node', folder);
    await mkdir(path.join(root, 'binding'), { recursive: true });
    const wheels = await writeSmallWheel(path.join(folder, 'index'), path.join(root, 'binding'));
    const local = { ...process.env, PIP_NO_INDEX: '1', PIP_FIND_LINKS: wheels };
    expect(await buildAgainstWheel('tfjs-node', within(local))).toBeNull();
    const load = createRequire(path.join(root, 'package.json'));
    expect(load('./lib/napi-v8/tfjs_binding.node')).toBe(42);
    expect(await readdir(path.join(root, 'deps', 'tensorflow'))).toEqual([
      'libtensorflow_cc.so.2',
      'libtensorflow_framework.so.2',
    ]);
    expect(await readdir(folder)).not.toContain('wheels');
  },
);

test('what does not work is mended whole or left as it is, with nothing left beside it', async () => {
  const target = path.join(folder, 'tfjs-node');
  await mkdir(target);
  await writeFile(path.join(target, 'package.json'), '{"broken":true}');
  const { environment, report, signal } = within(offline);
  const settings = { environment, report, signal, folder: target };
  await expect(setUpTensorflow('tfjs-node', settings)).rejects.toThrow('cannot be reached over the network');
  expect(await readFile(path.join(target, 'package.json'), 'utf8')).toBe('{"broken":true}');
  expect(await readdir(folder)).toEqual(['tfjs-node']);
  expect(existsSync(path.join(target, 'node_modules'))).toBe(false);
});

test('of what a program says, the line with the reason is told', () => {
  const npm =
    'npm error code E404\nnpm error 404 No such package\nnpm error A complete log of this run is in x\n';
  expect(reasonIn(npm, 'npm')).toBe('npm error 404 No such package');
  expect(reasonIn('In file a.cc\na.cc:1: error: no b.h\ncompilation terminated.\n', 'c++')).toBe(
    'a.cc:1: error: no b.h',
  );
  expect(reasonIn("OSError: [Errno 28] No space left on device: 'x'", 'pip')).toBe(
    'no room is left on the disk',
  );
  expect(reasonIn('', 'pip')).toBe('it gave no reason');
});

test('nothing is loaded for a GPU where none is seen', async () => {
  const { PATH } = process.env;
  process.env.PATH = await pathWith();
  const settings = { ...within(offline), folder: path.join(folder, 'tfjs-node-gpu') };
  await expect(setUpTensorflow('tfjs-node-gpu', settings)).rejects.toThrow('sees no GPU');
  process.env.PATH = PATH;
});

test('an interrupt ends the program that runs, and says so', async () => {
  const controller = new AbortController();
  const running = runStep(
    [process.execPath, '-e', 'setInterval(() => {}, 1000)'],
    within(process.env, controller.signal),
  );
  controller.abort();
  await expect(running).rejects.toMatchObject({ code: 'interrupted' });
});
