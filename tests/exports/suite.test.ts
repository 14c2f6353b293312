import { cp } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Tensors } from '../../core/tensor.ts';
import { readRuns } from '../../results/read-runs.ts';
import type { CellRecord } from '../../results/schema.ts';
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

async function cellsIn(folder: string): Promise<CellRecord[]> {
  const { runs } = await readRuns(path.join(folder, 'assay-results'));
  return runs.flatMap(({ records }) =>
    records.flatMap(({ record }) => (record.kind === 'cell' ? [record] : [])),
  );
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
  const cells = await cellsIn(folder);
  expect(cells, stderr).toMatchObject([{ outcome: { status: 'measured', metrics: [{ value: 1 }] } }]);
});

/** The rows of a golden export as JSON Lines, each with the class its framework predicts; a column for each input. */
function linesOf({ inputs, outputs, classes }: GoldenExport): string {
  const rows = Object.values(inputs)[0]?.shape[0] ?? 0;
  const lines = Array.from({ length: rows }, (_, row) => {
    const cells = Object.entries(inputs).map(([name, { data }]) => {
      const width = data.length / rows;
      const values = Array.from<unknown>(data.slice(row * width, (row + 1) * width));
      const plain = values.map((value) => (typeof value === 'bigint' ? Number(value) : value));
      return [name, width === 1 ? plain[0] : plain] as const;
    });
    return JSON.stringify({ ...Object.fromEntries(cells), is: classOf(outputs, row, classes ?? []) });
  });
  return `${lines.join('\n')}\n`;
}

function classOf(outputs: Tensors, row: number, classes: readonly string[]): string | undefined {
  const { output_label: label, logits } = outputs;
  if (label !== undefined) return String(label.data[row]);
  const own = Array.from(logits?.data.slice(row * classes.length, (row + 1) * classes.length) ?? [], Number);
  return classes[own.indexOf(Math.max(...own))];
}

const integers = (name: string): object => ({ kind: 'integers', name, column: name, length: 6 });
const number = (name: string): object => ({
  ...{ kind: 'features', name },
  features: [{ kind: 'number', columns: [name], scaling: 'none' }],
});

test.each([
  {
    name: 'transformers-classifier',
    inputs: [integers('input_ids'), integers('attention_mask')],
    scores: 'logits',
    variants: ['int8-dynamic', 'int8-static'],
    dropped: 0,
  },
  {
    name: 'sklearn-columns',
    inputs: [number('height'), number('width'), { kind: 'texts', name: 'soil', columns: ['soil'] }],
    scores: 'probabilities',
    variants: ['fp32'],
    dropped: 2,
  },
  {
    name: 'sklearn-texts',
    inputs: [{ kind: 'texts', name: 'text', columns: ['text'] }],
    scores: 'probabilities',
    variants: ['fp16'],
    dropped: 0,
  },
])(
  'a suite on $name reads its inputs from a file and scores what the framework predicts as right',
  async (given) => {
    const golden = goldenExport(given.name);
    const { folder, write } = await createProject();
    await cp(path.dirname(golden.path), path.join(folder, 'model'), { recursive: true });
    const lines = linesOf(golden);
    await write('mine.csv', lines);
    const dataset = {
      ...datasetManifest(lines),
      format: { kind: 'jsonl' },
      missing: { features: 'drop', label: 'error' },
      inputs: given.inputs,
      target: {
        kind: 'class',
        column: 'is',
        classes: (golden.classes ?? []).map((label) => ({ value: label, label })),
      },
      split: { seed: 1, testShare: 0.75, stratify: false },
    };
    await write('mine.dataset.json', JSON.stringify(dataset));
    const own = {
      task: { kind: 'classification', scores: given.scores },
      policy: { ...suite.policy, maxDrop: { kind: 'absolute', value: 0.1 } },
      models: [`./model/${path.basename(golden.path)}`],
      metrics: ['accuracy'],
      variants: given.variants,
    };
    await write('mine.suite.json', JSON.stringify({ ...suite, ...own }));
    const { stderr } = await runTiny(folder);
    const cells = await cellsIn(folder);
    expect(cells, stderr).toHaveLength(new Set(['fp32', ...given.variants]).size);
    for (const { variant, outcome } of cells) {
      expect(outcome.status, `${variant.name} ${stderr}`).toBe('measured');
      if (variant.name === 'fp32') expect(outcome).toMatchObject({ metrics: [{ value: 1 }] });
    }
    expect(stderr.includes('dropped  mine')).toBe(given.dropped > 0);
  },
);
