import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { createProject, csvRows, datasetManifest, runCli, suite } from './project.ts';

interface Scores {
  data: {
    cells: {
      suite: string;
      variant: string;
      metrics: { id: string; value: number | null; interval: { level: number } | null }[];
      warnings: { code: string; detail: string }[];
    }[];
  };
}

interface Stored {
  kind: string;
  subject: { suite: { id: string } };
  variant: { name: string };
  outcome: { metrics: { id: string; value: number; interval: unknown }[] };
}

let folder = '';
let runFolder = '';

/** Two tasks in one run, neither with the level and the seed that a suite has by default. */
beforeAll(async () => {
  const project = await createProject();
  folder = project.folder;
  const rows = csvRows(60).replace(/(?<=\d),[^,\n]*\n/g, (end, at: number) => (at % 3 === 0 ? ',0\n' : end));
  await project.write('mine.csv', rows);
  await project.write('mine.dataset.json', JSON.stringify(datasetManifest(rows)));
  const settings = { policy: { ...suite.policy, alpha: 0.2 }, timing: { seed: 7 } };
  const mine = { ...suite, ...settings, metrics: ['mse', 'rmse'] };
  await project.write('mine.suite.json', JSON.stringify(mine));
  const classes = { id: 'classes', task: { kind: 'classification' }, dataset: 'tumours' };
  const other = { ...mine, ...classes, models: ['tumours-mlp'], metrics: ['accuracy', 'f1-macro'] };
  await project.write('classes.suite.json', JSON.stringify(other));
  await runCli(folder, 'run', '--quick', 'mine.suite.json', 'classes.suite.json');
  const runs = path.join(folder, 'assay-results', 'runs');
  runFolder = path.join(runs, (await readdir(runs))[0] ?? '');
});

test('the suite’s metrics come out of the stored predictions as they were measured, at its level and seed', async () => {
  const { exitCode, stdout } = await runCli(folder, 'score', '--json');
  expect(exitCode).toBe(0);
  const files = await readdir(path.join(runFolder, 'records'));
  const texts = await Promise.all(
    files.map((file) => readFile(path.join(runFolder, 'records', file), 'utf8')),
  );
  const cells = texts.map((text) => JSON.parse(text) as Stored).filter(({ kind }) => kind === 'cell');
  const scored = (JSON.parse(stdout) as Scores).data.cells;
  expect(scored).toHaveLength(4);
  for (const { suite: id, variant, metrics } of scored) {
    const cell = cells.find((one) => one.variant.name === variant && one.subject.suite.id === id);
    expect(metrics).toEqual(cell?.outcome.metrics);
    expect(metrics.map(({ interval }) => interval?.level)).toEqual([0.8, 0.8]);
  }
});

test('a metric that the run did not have is computed without another run', async () => {
  const { stdout } = await runCli(folder, 'score', '--json', '--metrics', 'max-error,median-ae');
  const [cell] = (JSON.parse(stdout) as Scores).data.cells;
  expect(cell?.metrics.map(({ id }) => id)).toEqual(['max-error', 'median-ae']);
  for (const { value } of cell?.metrics ?? []) expect(value).toBeGreaterThan(0);
});

test('a metric of one task leaves out the cells of the others', async () => {
  const { exitCode, stdout } = await runCli(folder, 'score', '--json', '--metrics', 'balanced-accuracy');
  expect(exitCode).toBe(0);
  const { cells } = (JSON.parse(stdout) as Scores).data;
  expect(cells.map(({ suite: id, metrics }) => [id, metrics.map((metric) => metric.id)])).toEqual([
    ['classes', ['balanced-accuracy']],
    ['classes', ['balanced-accuracy']],
  ]);
});

test('a figure that misleads comes with its warning, in JSON and in the table', async () => {
  const { stdout } = await runCli(folder, 'score', '--json', '--metrics', 'mape');
  const [cell] = (JSON.parse(stdout) as Scores).data.cells;
  expect(cell?.warnings).toMatchObject([
    { code: 'ill-conditioned', detail: expect.stringContaining('expected value of 0') as string },
  ]);
  const { stdout: table } = await runCli(folder, 'score', '--metrics', 'mape');
  expect(table).toContain('\nDoubts\n  ill-conditioned: mine ');
  expect(table).toContain(`mine fp32 on onnxruntime/cpu: ${cell?.warnings[0]?.detail}\n`);
});

test('an unknown metric ends with 2 and the nearest name', async () => {
  const { exitCode, stderr } = await runCli(folder, 'score', '--metrics', 'max-eror,accuracy');
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
