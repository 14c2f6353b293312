import { cp, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Environment } from '../../results/environment-schema.ts';
import type { Form } from '../../runners/form.ts';
import type { RunEvent } from '../../runners/run-context.ts';
import { fingerprintOf, readEnvironment } from '../../runners/environment.ts';
import { runSuites } from '../../runners/run-suites.ts';
import { readRuns } from '../../results/read-runs.ts';
import { loadSuites } from '../../suites/load.ts';
import {
  createProject,
  datasetManifest,
  linearModel,
  projectAt,
  suite,
  type Project,
} from '../cli/project.ts';
import { tinyForm } from '../fakes/tiny-form.ts';

/** What a run did. */
interface Done {
  predicted: string[];
  scored: string[];
  timed: string[];
  judged: string[];
  loaded: string[];
  kept: string[];
}

function doneBy(events: readonly RunEvent[]): Done {
  const of = (kind: RunEvent['kind']): string[] =>
    events
      .flatMap((event) => (event.kind === kind && 'record' in event ? [nameOf(event.record)] : []))
      .sort();
  return {
    predicted: of('cell-finished'),
    scored: of('scored'),
    timed: of('group-finished'),
    judged: of('judged'),
    loaded: of('scenario-finished'),
    kept: of('kept'),
  };
}

function nameOf(record: Extract<RunEvent, { record: unknown }>['record']): string {
  const what = record.kind === 'group' ? 'group' : `${record.kind} ${record.variant.name}`;
  const { label } = record.subject.target;
  return label === null ? what : `${what} ${label}`;
}

const [cells, scenarios] = ['cell', 'scenario'].map((kind) => [`${kind} fp32`, `${kind} int8-dynamic`]) as [
  string[],
  string[],
];
const nothing: Done = { predicted: [], scored: [], timed: [], judged: [], loaded: [], kept: [] };
const everything: Done = { ...nothing, predicted: cells, timed: ['group'], loaded: scenarios };

/** Two sites take turns. */
function csvOf(seed: number): string {
  const rows = Array.from({ length: 60 }, (_, row) => {
    const [a, b] = [Math.sin(row + seed), Math.cos(2 * row)];
    return `${a},${b},${2 * a - b + 0.01 * (row % 5)},${row % 2 === 0 ? 'north' : 'south'}`;
  });
  return `a,b,y,site\n${rows.join('\n')}\n`;
}

const asked = { ...suite, scenarios: [{ kind: 'single-stream' }] };
let base: Project;

/** What a run is asked beside its suite, and the machine it is told it is on. */
interface Asked {
  form?: Form;
  fresh?: boolean;
  packages?: Readonly<Record<string, string>>;
}

async function run(
  { folder }: Project,
  { form = tinyForm, fresh = false, packages = {} }: Asked = {},
): Promise<Done> {
  const events: RunEvent[] = [];
  const suites = await loadSuites([path.join(folder, 'mine.suite.json')]);
  const request = {
    suites,
    form,
    resultsDir: path.join(folder, 'assay-results'),
    cacheDir: path.join(folder, 'built'),
    workers: 1,
    fresh,
  };
  await runSuites(request, {
    signal: new AbortController().signal,
    report: (event) => events.push(event),
    environment: () => withPackages(packages),
  });
  return doneBy(events);
}

function withPackages(packages: Asked['packages']): Environment {
  const here = readEnvironment();
  const environment = { ...here, packages: { ...here.packages, ...packages } };
  return { ...environment, fingerprint: fingerprintOf(environment) };
}

async function writeData({ write }: Project, csv: string, changes: object = {}): Promise<void> {
  await write('mine.csv', csv);
  await write('mine.dataset.json', JSON.stringify({ ...datasetManifest(csv), ...changes }));
}

beforeAll(async () => {
  base = await createProject();
  await writeData(base, csvOf(0));
  await base.write('mine.suite.json', JSON.stringify(asked));
  expect(await run(base)).toEqual(everything);
});

afterAll(() => rm(base.folder, { recursive: true, force: true }));

/** A change of the suite alone. */
function asking(changes: object): (project: Project) => Promise<void> {
  return ({ write }) => write('mine.suite.json', JSON.stringify({ ...asked, ...changes }));
}

const { policy } = suite;
interface Change {
  of: string;
  make: (project: Project) => Promise<void>;
  by?: Asked;
  expected: Done;
}

const changes: Change[] = [
  { of: 'nothing', make: asking({}), expected: { ...nothing, kept: [...cells, 'group', ...scenarios] } },
  { of: 'nothing, asked to be --fresh', make: asking({}), by: { fresh: true }, expected: everything },
  { of: 'the model', make: ({ write }) => write('mine.onnx', linearModel(2, 3)), expected: everything },
  { of: 'the data', make: (project) => writeData(project, csvOf(1)), expected: everything },
  {
    of: 'what the data are called',
    make: (project) => writeData(project, csvOf(0), { title: 'Ours', description: 'Made again.' }),
    expected: { ...nothing, kept: [...cells, 'group', ...scenarios] },
  },
  {
    of: 'the variants by one',
    make: asking({ variants: ['int8-dynamic', 'prune-magnitude-50'] }),
    expected: {
      ...nothing,
      predicted: ['cell prune-magnitude-50'],
      timed: ['group'],
      loaded: ['scenario prune-magnitude-50'],
      kept: [...cells, ...scenarios],
    },
  },
  {
    of: 'an option of the task',
    make: asking({ task: { kind: 'regression', output: 'y' } }),
    expected: { ...nothing, predicted: cells, judged: ['group'], kept: scenarios },
  },
  {
    of: 'the metrics by one',
    make: asking({ metrics: ['mse', 'mae'] }),
    expected: { ...nothing, scored: cells, judged: ['group'], kept: scenarios },
  },
  {
    of: 'the slices by one',
    make: asking({ slices: ['site'] }),
    expected: { ...nothing, judged: ['group'], kept: [...cells, ...scenarios] },
  },
  {
    of: 'the id of the suite',
    make: asking({ id: 'other' }),
    expected: { ...nothing, scored: cells, judged: ['group'], kept: scenarios },
  },
  {
    of: 'the targets by one',
    make: asking({
      targets: [
        'onnxruntime/cpu',
        { target: 'onnxruntime/cpu', label: 'plain', graphOptimization: 'disabled' },
      ],
    }),
    expected: {
      predicted: cells.map((name) => `${name} plain`),
      scored: [],
      timed: ['group plain'],
      // Twice as many comparisons share the chance of a false alarm.
      judged: ['group'],
      loaded: scenarios.map((name) => `${name} plain`),
      kept: [...cells, ...scenarios],
    },
  },
  {
    of: 'the limits',
    make: asking({ limits: { timeoutSeconds: 99, memoryMiB: 4096 } }),
    expected: { ...nothing, kept: [...cells, 'group', ...scenarios] },
  },
  {
    of: 'the samples a timed call has',
    make: asking({ timing: { batchSize: 2 } }),
    expected: { ...nothing, timed: ['group'], loaded: scenarios, kept: cells },
  },
  {
    of: 'the version of the runner',
    make: asking({}),
    by: { packages: { 'onnxruntime-node': '0.0.1' } },
    expected: everything,
  },
  {
    of: 'the version of a runner that takes no part',
    make: asking({}),
    by: { packages: { '@tensorflow/tfjs-core': '0.0.1' } },
    expected: { ...nothing, kept: [...cells, 'group', ...scenarios] },
  },
  {
    of: 'the form',
    make: asking({}),
    by: { form: { ...tinyForm, epochs: 2 } },
    expected: { ...nothing, timed: ['group'], kept: [...cells, ...scenarios] },
  },
];

/** The project of the base with its results, to be changed. */
async function copyOfBase(): Promise<Project> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'assay-again-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await cp(base.folder, folder, { recursive: true });
  return projectAt(folder);
}

test.each(changes)(
  'after a change of $of, only what depends on it is run again',
  async ({ make, by, expected }) => {
    const project = await copyOfBase();
    await make(project);
    expect(await run(project, by)).toEqual(expected);
  },
);

test('after a change of the policy, the same pairs are judged by it', async () => {
  const project = await copyOfBase();
  await asking({ policy: { ...policy, maxSlowdown: 9, alpha: 0.1 } })(project);
  expect(await run(project)).toEqual({
    ...nothing,
    scored: cells,
    judged: ['group'],
    // The level is that of the intervals of a scenario, too.
    loaded: scenarios,
  });
  const { runs } = await readRuns(path.join(project.folder, 'assay-results'));
  const [before, after] = runs.map(({ records }) =>
    records.map(({ record }) => record).find((record) => record.kind === 'group'),
  );
  expect(after?.pairs).toEqual(before?.pairs);
  expect(after).toMatchObject({
    reusedFrom: before?.runId,
    measurementId: before?.measurementId,
    startedAt: before?.startedAt,
    policy: { maxSlowdown: 9 },
    control: { margin: 9 },
  });
});
