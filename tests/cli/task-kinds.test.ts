import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../core/random.ts';
import { buildGraph, type GraphBuilder } from '../../models/onnx/builder.ts';
import { encodeModel } from '../../models/onnx/write.ts';
import { readRuns } from '../../results/read-runs.ts';
import type { CellRecord, GroupRecord } from '../../results/schema.ts';
import { cellMetricsTable } from '../../site/views/cell-tables.ts';
import { labelConfusionTable } from '../../site/views/confusion-table.ts';
import { distanceTable } from '../../site/views/distance-table.ts';
import { flipsTable, slicesTable } from '../../site/views/group-tables.ts';
import { createProject, datasetManifest, runCli, runTiny, suite, type Project } from './project.ts';

const random = createRandom(7);
const normals = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());

/** Multiplies by drawn weights, which a variant may quantize. */
function weigh(graph: GraphBuilder, x: string, [from, to]: readonly [number, number]): void {
  const w = graph.initializer('w', { type: 'float32', shape: [from, to], data: normals(from * to) });
  graph.node('MatMul', [x, w], { outputs: ['y'] });
}

function scorer(width: number): Uint8Array {
  const graph = buildGraph('scorer');
  weigh(graph, graph.input('x', { type: 'float32', shape: ['batch', 4] }), [4, width]);
  graph.output('y', { type: 'float32', shape: ['batch', width] });
  return encodeModel(graph.model());
}

const [length, vocabulary, tags] = [5, ['_', 'u', 'v', 'w', 'x'], ['O', 'B-PER', 'I-PER', 'B-LOC']];

/** Scores of so many tags, or of next tokens, for each of a row of tokens. */
function tokenScorer(width: number): Uint8Array {
  const graph = buildGraph('token-scorer');
  const ids = graph.input('ids', { type: 'int64', shape: ['batch', length] });
  const shape = [vocabulary.length, 8];
  const table = graph.initializer('table', { type: 'float32', shape, data: normals(vocabulary.length * 8) });
  weigh(graph, graph.node('Gather', [table, ids]), [8, width]);
  graph.output('y', { type: 'float32', shape: ['batch', length, width] });
  return encodeModel(graph.model());
}

const pick = <Item>(items: readonly Item[]): Item => items[random.below(items.length)] as Item;
const columns = ['a', 'b', 'c', 'd'];
const numbers = {
  inputs: [{ kind: 'features', name: 'x', features: [{ kind: 'number', columns, scaling: 'none' }] }],
};
const place = (row: number): string => (row % 2 === 0 ? 'north' : 'south');
const features = (row: number): string => `${normals(4).join(',')},${place(row)}`;

/** Of each kind: rows, how they are read, a model, and what is asked. */
const kinds = {
  multilabel: {
    header: 'a,b,c,d,place,seen',
    row: (row: number) =>
      `${features(row)},${['cat', 'dog', 'cow'].filter(() => random.next() < 0.5).join(' ')}`,
    manifest: {
      ...numbers,
      target: {
        kind: 'labels',
        column: 'seen',
        labels: ['cat', 'dog', 'cow'].map((value) => ({ value, label: value })),
      },
    },
    model: scorer(3),
    task: { kind: 'multilabel', scores: 'logits' },
    metrics: ['f1-micro', 'subset-accuracy'],
    further: 'lrap',
  },
  ranking: {
    header: 'a,b,c,d,place,user,gain',
    // Four candidates for each of 40 users, who are of one place.
    row: (row: number) => `${features(row % 40)},u${row % 40},${random.below(3)}`,
    manifest: { ...numbers, target: { kind: 'gain', column: 'gain', queryColumn: 'user' } },
    model: scorer(1),
    task: { kind: 'ranking' },
    metrics: ['ndcg@3', 'hit-rate@1'],
    further: 'map@2',
  },
  tagging: {
    header: 'place,words,tags',
    row: (row: number) => {
      const words = Array.from({ length: 1 + random.below(length) }, () => pick(vocabulary.slice(1)));
      return `${place(row)},${words.join(' ')},${words.map(() => pick(tags)).join(' ')}`;
    },
    manifest: {
      inputs: [{ kind: 'tokens', name: 'ids' }],
      target: { kind: 'tags', column: 'tags', tags, words: { column: 'words', vocabulary }, length },
    },
    model: tokenScorer(tags.length),
    task: { kind: 'tagging' },
    metrics: ['entity-f1-micro', 'tag-accuracy'],
    further: 'entity-recall-macro',
  },
  generation: {
    header: 'place,text,prompt',
    row: (row: number) =>
      `${place(row)},${Array.from({ length: 2 + random.below(length - 1) }, () => pick(vocabulary.slice(1))).join(' ')},1`,
    manifest: {
      inputs: [{ kind: 'tokens', name: 'ids' }],
      target: {
        ...{ kind: 'tokens', column: 'text', promptColumn: 'prompt', floorColumn: null },
        ...{ vocabulary, length },
      },
    },
    model: tokenScorer(vocabulary.length),
    task: { kind: 'generation' },
    metrics: ['perplexity', 'chrf'],
    further: 'bits-per-byte',
  },
} as const;

type Kind = keyof typeof kinds;
const names = Object.keys(kinds) as Kind[];

async function writeSuite({ write }: Project, kind: Kind): Promise<void> {
  const { header, row, manifest, model, task, metrics } = kinds[kind];
  const rows = [header, ...Array.from({ length: 160 }, (_, index) => row(index)), ''].join('\n');
  await write(`${kind}.csv`, rows);
  await write(`${kind}.onnx`, model);
  const split = { seed: 1, testShare: 1, stratify: false };
  const about = {
    ...datasetManifest(rows),
    origin: { kind: 'file', path: `${kind}.csv` },
    split,
    ...manifest,
  };
  await write(`${kind}.dataset.json`, JSON.stringify({ ...about, id: kind }));
  const files = { dataset: `./${kind}.dataset.json`, models: [`./${kind}.onnx`] };
  const policy = { ...suite.policy, maxDrop: { kind: 'absolute', value: 0.2 } };
  const own = { ...suite, ...files, id: kind, task, metrics, slices: ['place'], policy };
  await write(`${kind}.suite.json`, JSON.stringify(own));
}

let folder = '';
let records: (CellRecord | GroupRecord)[] = [];

beforeAll(async () => {
  const project = await createProject();
  ({ folder } = project);
  for (const kind of names) await writeSuite(project, kind);
  const { exitCode, stderr } = await runTiny(folder, { suites: names.map((kind) => `${kind}.suite.json`) });
  expect(exitCode, stderr).toBe(0);
  const {
    runs: [run],
  } = await readRuns(path.join(folder, 'assay-results'));
  records = (run?.records ?? []).flatMap(({ record }) => (record.kind === 'scenario' ? [] : [record]));
});

test.each([
  ['multilabel', 160],
  ['ranking', 40],
  ['tagging', 160],
  ['generation', 160],
] as const)('a suite of %s judges a variant on %i samples, in all and by slice', (kind, samples) => {
  const own = records.filter(({ subject }) => subject.task === kind);
  const [baseline] = own.filter((record) => record.kind === 'cell');
  const group = own.find((record) => record.kind === 'group');
  if (baseline?.outcome.status !== 'measured' || group === undefined) throw new Error('nothing measured');
  expect(baseline.subject.dataset.samples).toBe(samples);
  for (const { value, interval } of baseline.outcome.metrics) {
    expect(value).toBeGreaterThan(0);
    expect(interval).toMatchObject({ low: expect.any(Number) as number, level: 0.95 });
  }
  const [, variant] = group.variants;
  expect(variant).toMatchObject({ flips: { samples }, distance: { kind } });
  expect(variant?.quality.map(({ metric }) => metric)).toEqual([kinds[kind].metrics[0]]);
  expect(variant?.slices.map(({ slice, samples: some }) => [slice, some]).sort()).toEqual([
    ['place north', samples / 2],
    ['place south', samples / 2],
  ]);
  const shown = [cellMetricsTable(baseline), flipsTable(group), distanceTable(group), slicesTable(group)];
  expect(shown.map((table) => table?.rows.length)).toEqual([2, 1, 1, 2]);
});

test('a suite of multilabel counts where each label applies and where it is predicted', async () => {
  const baseline = records.find(({ subject, kind }) => subject.task === 'multilabel' && kind === 'cell');
  if (baseline?.kind !== 'cell' || baseline.outcome.status !== 'measured') throw new Error('not measured');
  const { labelConfusion, confusion } = baseline.outcome;
  expect(confusion).toBeNull();
  expect(labelConfusion?.map(({ label }) => label)).toEqual(['cat', 'dog', 'cow']);
  for (const one of labelConfusion ?? [])
    expect(one.truePositives + one.falsePositives + one.falseNegatives + one.trueNegatives).toBe(160);
  expect(labelConfusionTable(baseline)?.rows).toHaveLength(3);
  const { stdout } = await runCli(folder, 'score', '--confusion');
  expect(stdout).toMatch(
    /multilabel int8-dynamic on onnxruntime\/cpu, samples by label\nLABEL +FOUND +MISSED/,
  );
});

test('a suite of generation tells how far the distributions of the next token moved', () => {
  const group = records.find(({ subject, kind }) => subject.task === 'generation' && kind === 'group');
  const distance = group?.kind === 'group' ? group.variants[1]?.distance : null;
  if (distance?.kind !== 'generation' || distance.divergence === null) throw new Error('no divergence');
  const { klDivergence, interval, percentile99, max, sameLikeliest, positions, samples } =
    distance.divergence;
  expect(samples).toBe(160);
  expect(positions).toBeGreaterThan(160);
  expect(klDivergence).toBeGreaterThan(0);
  expect(interval?.low).toBeLessThan(klDivergence);
  expect(interval?.high).toBeGreaterThan(klDivergence);
  expect(percentile99).toBeGreaterThan(klDivergence);
  expect(max).toBeGreaterThanOrEqual(percentile99 ?? Infinity);
  expect(sameLikeliest).toBeGreaterThan(0.5);
});

test.each(names)('another metric of %s comes out of the stored predictions', async (kind) => {
  const { further } = kinds[kind];
  const { exitCode, stdout } = await runCli(folder, 'score', '--json', '--metrics', further);
  expect(exitCode).toBe(0);
  const { cells } = (JSON.parse(stdout) as { data: { cells: { suite: string; metrics: object[] }[] } }).data;
  expect(cells.map(({ suite: id }) => id)).toEqual([kind, kind]);
  expect(cells[0]?.metrics).toMatchObject([{ id: further, value: expect.any(Number) as number }]);
});
