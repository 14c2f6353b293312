import { execFile, spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { bundled } from '../bundled.ts';
import { lockFolder } from '../../results/lock.ts';
import { createProject, runCli, runTiny, type CliOutcome } from './project.ts';

async function projectWithResults(): Promise<{ folder: string; results: string }> {
  const { folder } = await createProject();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const results = path.join(folder, 'assay-results');
  await mkdir(results);
  return { folder, results };
}

test('a second run on a folder ends with 2 and the process that writes to it, and writes nothing', async () => {
  const { folder, results } = await projectWithResults();
  const { unlock } = await lockFolder(results, { now: () => '2026-01-01T00:00:00.000Z' });
  const { exitCode, stderr } = await runTiny(folder);
  expect(stderr).toContain(`is being written to by process ${process.pid} on `);
  expect(stderr).toMatch(/^ {2}Next: wait for it, use --results <another folder>/m);
  expect(exitCode).toBe(2);
  expect(await readdir(results)).toEqual(['lock.json']);
  unlock();
});

/** Cuts the record of a cell short, and gives its file. */
async function cutCell(results: string, run: string): Promise<string> {
  const folder = path.join(results, 'runs', run, 'records');
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    const text = await readFile(file, 'utf8');
    if (!text.includes('"kind": "cell"')) continue;
    await writeFile(file, text.slice(0, 200));
    return file;
  }
  throw new Error('there is no record of a cell');
}

test('a damaged record is told by whoever reads the folder, and what it held is measured again', async () => {
  const { folder, results } = await projectWithResults();
  await runTiny(folder);
  const [damaged = ''] = await readdir(path.join(results, 'runs'));
  const file = await cutCell(results, damaged);
  const refused = await runCli(folder, 'gate');
  expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
  expect(refused.stderr).toContain(`${path.basename(file)} is not valid JSON`);
  expect(refused.stderr).toMatch(/^Error: /);

  const { exitCode, stderr } = await runTiny(folder);
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(/^Warning: .*\.json is not valid JSON: /m);
  expect(stderr).toContain('\n  It is left out: what it held is measured again.\n');
  expect(stderr.match(/^quality {2}mine/gm)).toHaveLength(1);
  expect(stderr.match(/^kept {5}cell/gm)).toHaveLength(1);
  expect((await readFile(file, 'utf8')).length).toBe(200);

  const newer = await runCli(folder, 'gate');
  expect(newer.stderr).toMatch(/^Warning: .*\.json is not valid JSON: /);
  expect(newer.stdout).toMatch(new RegExp(`^Gate: \\w+ \\(run (?!${damaged})`, 'm'));
  expect((await runCli(folder, 'gate', damaged)).exitCode).toBe(2);
  const listed = JSON.parse((await runCli(folder, 'list', '--json')).stdout) as { data: Listed };
  expect(listed.data.damaged).toEqual([
    { file: path.relative(folder, file), reason: expect.stringContaining('not valid JSON') as string },
  ]);
  expect(listed.data.runs.map(({ status }) => status)).toEqual(['complete', 'complete']);
});

interface Listed {
  damaged: { file: string; reason: string }[];
  runs: { status: string }[];
}

test('a folder that another machine left locked is refused with who did, and taken over by --break-lock', async () => {
  const { folder, results } = await projectWithResults();
  const holder = { pid: 4711, host: 'elsewhere', since: '2026-01-01T00:00:00.000Z' };
  await writeFile(path.join(results, 'lock.json'), JSON.stringify(holder));
  const refused = await runTiny(folder);
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain('by process 4711 on elsewhere, since 2026-01-01T00:00:00.000Z;');
  expect(refused.stderr).toContain('assay run --break-lock once you know that it is gone there');
  expect((await runTiny(folder, { suites: ['--break-lock', 'mine.suite.json'] })).exitCode).toBe(0);
  expect(await readdir(results)).toEqual(['runs']);
});

/** Nothing is read-only for root. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/** As `runTiny`, by a user without rights of root. */
function runAsNobody(folder: string): Promise<CliOutcome> {
  const args = [bundled('tiny-main'), 'mine.suite.json'];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: folder, ...nobody }, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

test('a file where variants are to be kept ends a run with 2 and its path, and no cell is said to have failed', async () => {
  const { folder } = await projectWithResults();
  await writeFile(path.join(folder, '.assay'), '');
  const { exitCode, stdout, stderr } = await runTiny(folder);
  expect(stderr).toMatch(
    /^Error: Cannot write to \.assay\/variants\/\w+\.json: a part of its path is a file/m,
  );
  expect(stderr).toMatch(
    /^ {2}Next: move that file away, or run it in another folder: variants are kept below the one where it runs$/m,
  );
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
});

/** Mounts a folder of its own over itself, so that even root cannot write to it; false where that is not allowed. */
function mountReadOnly(folder: string): boolean {
  if (spawnSync('mount', ['--bind', '-o', 'ro', folder, folder]).status !== 0) return false;
  onTestFinished(() => void spawnSync('umount', [folder]));
  return true;
}

test.for([
  ['assay-results', 'choose another folder'],
  ['.assay', 'run it in another folder: variants are kept below the one where it runs'],
] as const)(
  'a file system that is read-only at %s ends a run with 2, its path and a way round it',
  async ([name, wayRound], { skip }) => {
    const { folder } = await createProject();
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await mkdir(path.join(folder, name));
    skip(!mountReadOnly(path.join(folder, name)), 'only root may mount, and not in every container');
    const { exitCode, stderr } = await runTiny(folder);
    expect(stderr).toMatch(new RegExp(`^Error: Cannot write to .*${name}.* \\(EROFS\\)\\.$`, 'm'));
    expect(stderr).toContain(`\n  Next: give permission there, or ${wayRound}\n`);
    expect(exitCode).toBe(2);
    expect(await readdir(path.join(folder, name))).toEqual([]);
  },
);

test('a results folder that is a link to nothing is told as such', async () => {
  const { folder } = await createProject();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await symlink('gone', path.join(folder, 'assay-results'));
  const { exitCode, stderr } = await runTiny(folder);
  expect(stderr).toMatch(
    /^Error: Cannot write to .*: .*assay-results is a link to gone, which is not there\.$/m,
  );
  expect(stderr).toMatch(/^ {2}Next: make the folder that the link leads to, or choose another folder$/m);
  expect(exitCode).toBe(2);
});

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
