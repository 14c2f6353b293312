import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readRuns } from '../../results/read-runs.ts';
import { createProject, csvRows, datasetManifest, runOnFullDisk, runTiny } from './project.ts';

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

test('predictions that do not fit on the disk end the run with 4 and their file, and no stack', async () => {
  const { folder, write } = await createProject();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const csv = csvRows(4000);
  await write('mine.csv', csv);
  await write('mine.dataset.json', JSON.stringify(datasetManifest(csv)));
  const { exitCode, stderr } = await runTiny(folder, { largestFileBlocks: 16 });
  expect(stderr).toMatch(
    /^Error: Cannot write .*predictions\/[0-9a-f]{64}\.parquet: there is no room for it/m,
  );
  expect(stderr).not.toMatch(/^\s+at |Node\.js v/m);
  expect(exitCode).toBe(4);
});

test.skipIf(!existsSync('/dev/full')).each(['stdout', 'stderr'] as const)(
  'an answer that does not fit where %s goes ends with 4, which no gate does, and no stack',
  async (stream) => {
    const { folder } = await createProject();
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const { exitCode, stderr } = await runOnFullDisk(folder, stream, stream === 'stdout' ? 'list' : 'rnu');
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(
      stream === 'stdout' ? /^Error: Cannot write to stdout: ENOSPC.*\n {2}Next: make room there.*\n$/ : /^$/,
    );
  },
);
