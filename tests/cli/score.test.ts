import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { createProject, csvRows, datasetManifest, runCli, runTiny, suite } from './project.ts';

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
  outcome: {
    metrics: { id: string; value: number; interval: unknown }[];
    confusion: { labels: string[]; counts: number[][] } | null;
  };
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
  const settings = { policy: { ...suite.policy, alpha: 0.1 }, timing: { seed: 7 } };
  const mine = { ...suite, ...settings, metrics: ['mse', 'rmse'] };
  await project.write('mine.suite.json', JSON.stringify(mine));
  const classes = { id: 'classes', task: { kind: 'classification' }, dataset: 'tumours' };
  const other = { ...mine, ...classes, models: ['tumours-mlp'], metrics: ['accuracy', 'f1-macro'] };
  await project.write('classes.suite.json', JSON.stringify(other));
  await runTiny(folder, { suites: ['mine.suite.json', 'classes.suite.json'] });
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
    expect(metrics.map(({ interval }) => interval?.level)).toEqual([0.9, 0.9]);
  }
});

test('a metric that the run did not have is computed without another run', async () => {
  const { stdout } = await runCli(folder, 'score', '--json', '--metrics', 'max-error,median-ae');
  const [cell] = (JSON.parse(stdout) as Scores).data.cells;
  expect(cell?.metrics.map(({ id }) => id)).toEqual(['max-error', 'median-ae']);
  for (const { value } of cell?.metrics ?? []) expect(value).toBeGreaterThan(0);
});

test('a number that a metric does not take is told with what it takes, whatever tasks the run has', async () => {
  const { exitCode, stderr } = await runCli(folder, 'score', '--metrics', 'pinball@2');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('Metric "pinball@2" takes a quantile from 0 to 1 after the @; found "2".');
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

test('which classes are taken for which is recorded, and printed where it is asked for', async () => {
  const files = await readdir(path.join(runFolder, 'records'));
  const texts = files.map((file) => readFile(path.join(runFolder, 'records', file), 'utf8'));
  const cells = (await Promise.all(texts)).map((text) => JSON.parse(text) as Stored);
  const baseline = cells.find(
    ({ kind, subject, variant }) =>
      kind === 'cell' && subject.suite.id === 'classes' && variant.name === 'fp32',
  );
  const { labels, counts } = baseline?.outcome.confusion ?? { labels: [], counts: [] };
  const { value: accuracy = 0 } = baseline?.outcome.metrics[0] ?? {};
  const samples = counts.flat().reduce((sum, count) => sum + count, 0);
  expect(labels).toEqual(['benign', 'malignant']);
  expect(((counts[0]?.[0] ?? 0) + (counts[1]?.[1] ?? 0)) / samples).toBeCloseTo(accuracy, 12);
  const { stdout } = await runCli(folder, 'score', '--confusion');
  const [, table = ''] = stdout.split('classes: tumours-mlp fp32 on onnxruntime/cpu, samples by class');
  const rows = table
    .split('\n')
    .slice(1, 5)
    .map((line) => line.trim().split(/\s+/));
  expect(rows).toEqual([
    ['EXPECTED', 'PREDICTED'],
    labels,
    ...counts.map((row, label) => [labels[label], ...row.map(String)]),
  ]);
  expect((await runCli(folder, 'score')).stdout).not.toContain('samples by class');
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
