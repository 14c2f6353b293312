import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readRuns } from '../../results/read-runs.ts';
import { createProject, runTiny } from './project.ts';

test('a record that does not fit on the disk ends the run with 4 and its file; what was finished is kept and goes on', async () => {
  const { folder } = await createProject();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const results = path.join(folder, 'assay-results');
  const { exitCode, stderr } = await runTiny(folder, { largestFileBlocks: 16 });
  expect(stderr).toMatch(
    /^Error: Cannot write .*records\/[0-9a-f]{64}\.json: there is no room for it \(EFBIG/m,
  );
  expect(stderr).toContain('give the same command again: what was finished is kept');
  expect(exitCode).toBe(4);
  const {
    runs: [stopped],
  } = await readRuns(results);
  expect(stopped?.records.map(({ record }) => record.kind)).toEqual(['cell', 'cell']);
  expect(await readdir(results)).toEqual(['runs']);

  const again = await runTiny(folder);
  expect(again.exitCode).toBe(0);
  expect(again.stderr.match(/^kept {5}cell/gm)).toHaveLength(2);
  const { runs } = await readRuns(results);
  expect(runs.map(({ run, records }) => [run.status, records.length])).toEqual([['complete', 3]]);
});
