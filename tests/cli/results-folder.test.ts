import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { packageRoot } from '../../core/package-root.ts';
import { lockFolder } from '../../results/lock.ts';
import { createProject, runTiny, type CliOutcome } from './project.ts';

async function projectWithResults(): Promise<{ folder: string; results: string }> {
  const { folder } = await createProject();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const results = path.join(folder, 'assay-results');
  await mkdir(results);
  return { folder, results };
}

test('a second run on a folder ends with 2 and the process that writes to it, and writes nothing', async () => {
  const { folder, results } = await projectWithResults();
  const unlock = await lockFolder(results, () => '2026-01-01T00:00:00.000Z');
  const { exitCode, stderr } = await runTiny(folder);
  expect(stderr).toContain(`is being written to by process ${process.pid} on `);
  expect(stderr).toMatch(/^ {2}Next: wait for it, use --results <another folder>/m);
  expect(exitCode).toBe(2);
  expect(await readdir(results)).toEqual(['lock.json']);
  unlock();
});

/** Nothing is read-only for root. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/** As `runTiny`, by a user without rights of root. */
function runAsNobody(folder: string): Promise<CliOutcome> {
  const args = [path.join(packageRoot, 'tests/cli/tiny-main.ts'), 'mine.suite.json'];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: folder, ...nobody }, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

test('a folder that may not be written to ends a run with 2 and what to do', async () => {
  const { folder, results } = await projectWithResults();
  await chmod(os.tmpdir(), 0o755);
  await chmod(folder, 0o777);
  await chmod(results, 0o555);
  const { exitCode, stderr } = await runAsNobody(folder);
  expect(stderr).toMatch(/^Error: Cannot write to .*assay-results.* \(EACCES\)\.$/m);
  expect(stderr).toMatch(/^ {2}Next: give permission there, or choose another folder$/m);
  expect(exitCode).toBe(2);
  expect(await readdir(results)).toEqual([]);
});
