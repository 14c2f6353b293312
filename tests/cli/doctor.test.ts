import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { targetNames } from '../../suites/target.ts';
import { runCli } from './project.ts';

interface Found {
  target: string;
  status: string;
  reason?: string;
  remedy?: string;
}

const folder = await mkdtemp(path.join(os.tmpdir(), 'doctor-'));

function targetsOf(stdout: string): Found[] {
  const { data } = JSON.parse(stdout) as { data: { targets: Found[] } };
  return data.targets;
}

test('each target is proven, or says why it does not run and what mends it', async () => {
  const { exitCode, stdout } = await runCli(folder, 'doctor', '--json');
  const targets = targetsOf(stdout);
  expect(exitCode).toBe(0);
  expect(targets.map(({ target }) => target)).toEqual(targetNames);
  const working = targets.filter(({ status }) => status === 'works').map(({ target }) => target);
  expect(working).toEqual(expect.arrayContaining(['onnxruntime/cpu', 'tfjs/wasm', 'tfjs/cpu']));
  for (const { status, reason, remedy } of targets)
    if (status === 'unavailable') expect([reason, remedy]).not.toContain('');
});

test('targets that are named must all work', async () => {
  const works = await runCli(folder, 'doctor', 'onnxruntime/cpu');
  expect(works.exitCode).toBe(0);
  expect(works.stdout).toMatch(/^Processor .*\n(.*\n)+Memory .* free\n/);
  expect(works.stdout).toMatch(/\nonnxruntime\/cpu {2}works +ONNX Runtime \d+\.\d+\.\d+\n/);
  expect(works.stdout).not.toContain('tfjs/wasm');
  // No platform offers both.
  const fails = await runCli(folder, 'doctor', 'onnxruntime/dml', 'onnxruntime/coreml', '--json');
  expect(fails.exitCode).toBe(4);
  const { errors } = JSON.parse(fails.stdout) as { errors: { message: string; hint: string }[] };
  expect(errors.map(({ message }) => message.split(':')[0])).toContain(
    process.platform === 'darwin' ? 'onnxruntime/dml' : 'onnxruntime/coreml',
  );
  expect(targetsOf(fails.stdout).map(({ target }) => target)).toEqual([
    'onnxruntime/dml',
    'onnxruntime/coreml',
  ]);
});

test('a name that is no target is refused with the nearest', async () => {
  const { exitCode, stderr } = await runCli(folder, 'doctor', 'onnxruntime/cup');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('Unknown target "onnxruntime/cup". Did you mean "onnxruntime/cpu"?');
});
