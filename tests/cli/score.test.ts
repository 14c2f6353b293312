import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { createProject, runCli } from './project.ts';

interface Scores {
  data: { cells: { variant: string; metrics: { id: string; value: number | null; interval: unknown }[] }[] };
}

interface Stored {
  kind: string;
  variant: { name: string };
  outcome: { metrics: { id: string; value: number; interval: unknown }[] };
}

let folder = '';
let runFolder = '';

beforeAll(async () => {
  folder = (await createProject()).folder;
  await runCli(folder, 'run', '--quick', 'mine.suite.json');
  const runs = path.join(folder, 'assay-results', 'runs');
  runFolder = path.join(runs, (await readdir(runs))[0] ?? '');
});

test('the suite’s metrics come out of the stored predictions as they were measured', async () => {
  const { exitCode, stdout } = await runCli(folder, 'score', '--json');
  expect(exitCode).toBe(0);
  const files = await readdir(path.join(runFolder, 'records'));
  const texts = await Promise.all(
    files.map((file) => readFile(path.join(runFolder, 'records', file), 'utf8')),
  );
  const cells = texts.map((text) => JSON.parse(text) as Stored).filter(({ kind }) => kind === 'cell');
  const scored = (JSON.parse(stdout) as Scores).data.cells;
  expect(scored).toHaveLength(2);
  for (const { variant, metrics } of scored) {
    const cell = cells.find((one) => one.variant.name === variant);
    expect(metrics).toEqual(cell?.outcome.metrics);
  }
});

test('a metric that the run did not have is computed without another run', async () => {
  const { stdout } = await runCli(folder, 'score', '--json', '--metrics', 'max-error,median-ae');
  const [cell] = (JSON.parse(stdout) as Scores).data.cells;
  expect(cell?.metrics.map(({ id }) => id)).toEqual(['max-error', 'median-ae']);
  for (const { value } of cell?.metrics ?? []) expect(value).toBeGreaterThan(0);
});

test('an unknown metric ends with 2 and the nearest name', async () => {
  const { exitCode, stderr } = await runCli(folder, 'score', '--metrics', 'max-eror');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('"max-error"');
});

test('an unknown run ends with 2 and the known ones', async () => {
  const { exitCode, stderr } = await runCli(folder, 'score', 'nope');
  expect(exitCode).toBe(2);
  expect(stderr).toContain(path.basename(runFolder));
});

test('predictions that were changed are refused by name', async () => {
  const [file = ''] = await readdir(path.join(runFolder, 'predictions'));
  const where = path.join(runFolder, 'predictions', file);
  const bytes = await readFile(where);
  await writeFile(where, bytes.subarray(1));
  const { exitCode, stderr } = await runCli(folder, 'score');
  await writeFile(where, bytes);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`${file} was changed`);
});
