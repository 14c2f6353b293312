import { cp } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readRuns } from '../../results/read-runs.ts';
import { createProject, datasetManifest, runTiny, suite } from '../cli/project.ts';
import { goldenExport, type GoldenExport } from './golden-exports.ts';

/** The rows of a golden export as CSV, each with the class its framework predicts. */
function csvOf({ inputs, outputs }: GoldenExport): string {
  const { shape, data } = Object.values(inputs)[0] ?? { shape: [0, 0], data: [] };
  const width = shape[1] ?? 0;
  const rows = Array.from({ length: shape[0] ?? 0 }, (_, row) =>
    [...data.slice(row * width, (row + 1) * width), outputs.output_label?.data[row]].join(','),
  );
  return `a,b,c,d,tree\n${rows.join('\n')}\n`;
}

test('a suite on a scikit-learn pipeline with words as classes scores what scikit-learn predicts as right', async () => {
  const golden = goldenExport('sklearn-logistic-words');
  const { folder, write } = await createProject();
  await cp(golden.path, path.join(folder, 'trees.onnx'));
  const csv = csvOf(golden);
  await write('mine.csv', csv);
  const classes = [...(golden.classes ?? [])].reverse().map((label) => ({ value: label, label }));
  const features = [{ kind: 'number', columns: ['a', 'b', 'c', 'd'], scaling: 'none' }];
  const dataset = {
    ...datasetManifest(csv),
    inputs: [{ kind: 'features', name: 'x', features }],
    target: { kind: 'class', column: 'tree', classes },
    split: { seed: 1, testShare: 1, stratify: false },
  };
  await write('mine.dataset.json', JSON.stringify(dataset));
  const task = { kind: 'classification', scores: 'probabilities' };
  const policy = { ...suite.policy, maxDrop: { kind: 'absolute', value: 0.1 } };
  const own = { task, policy, models: ['./trees.onnx'], metrics: ['accuracy'], variants: ['fp32'] };
  await write('mine.suite.json', JSON.stringify({ ...suite, ...own }));
  const { stderr } = await runTiny(folder);
  const {
    runs: [run],
  } = await readRuns(path.join(folder, 'assay-results'));
  const cells = (run?.records ?? []).flatMap(({ record }) => (record.kind === 'cell' ? [record] : []));
  expect(cells, stderr).toMatchObject([{ outcome: { status: 'measured', metrics: [{ value: 1 }] } }]);
});
