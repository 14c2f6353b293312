import { execFile } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { packageRoot } from '../../core/package-root.ts';
import { readRuns } from '../../results/read-runs.ts';
import { createProject, runCli, type CliOutcome } from './project.ts';

const command = ['run', '--quick', 'mine.suite.json'] as const;

/** A command line whose files may grow to 16 or 32 KiB, as shells count it: a cell fits, the times of a group do not. */
function runLimited(cwd: string): Promise<CliOutcome> {
  const script = 'ulimit -f 32; exec "$0" "$@"';
  const args = ['-c', script, process.execPath, path.join(packageRoot, 'cli/main.ts'), ...command];
  return new Promise((resolve) => {
    execFile('sh', args, { cwd }, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

test('a record that does not fit on the disk ends the run with 4 and its file; what was finished is kept and goes on', async () => {
  const { folder } = await createProject();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const results = path.join(folder, 'assay-results');
  const { exitCode, stderr } = await runLimited(folder);
  expect(stderr).toMatch(
    /^Error: Cannot write .*records\/[0-9a-f]{64}\.json: there is no room for it \(EFBIG/m,
  );
  expect(stderr).toContain('give the same command again: what was finished is kept');
  expect(exitCode).toBe(4);
  const [stopped] = await readRuns(results);
  expect(stopped?.records.map(({ record }) => record.kind)).toEqual(['cell', 'cell']);
  expect(await readdir(results)).toEqual(['runs']);

  const again = await runCli(folder, ...command);
  expect(again.exitCode).toBe(0);
  expect(again.stderr.match(/^kept {5}cell/gm)).toHaveLength(2);
  const runs = await readRuns(results);
  expect(runs.map(({ run, records }) => [run.status, records.length])).toEqual([['complete', 3]]);
});
