import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readRuns } from '../../results/read-runs.ts';
import { buildGraph } from '../../models/onnx/builder.ts';
import { encodeModel } from '../../models/onnx/write.ts';
import { schemaVersion } from '../../results/schema.ts';
import {
  createProject,
  csvRows,
  datasetManifest,
  linearModel,
  runCli,
  runTiny,
  startCli,
  suite,
} from './project.ts';

interface Envelope {
  ok: boolean;
  command: string;
  data: { run: { id: string; status: string } } | null;
  errors: { code: string; message: string; hint: string | null }[];
}

async function runsIn(folder: string): Promise<string[]> {
  return readdir(path.join(folder, 'assay-results', 'runs')).catch(() => []);
}

test('a suite of one’s own runs in a folder of one’s own and leaves whole, valid records', async () => {
  const { folder } = await createProject();
  const more = ['--workers', '1024', 'mine.suite.json'];
  const { exitCode, stdout, stderr } = await runCli(folder, 'run', '--quick', '--json', ...more);
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(/^workers {2}1024 on \d+ cores? gain nothing; \d+ (?:is|are) started$/m);
  const envelope = JSON.parse(stdout) as Envelope;
  expect(envelope).toMatchObject({
    ok: true,
    command: 'run',
    errors: [],
    data: { run: { status: 'complete' } },
  });
  const {
    runs: [stored],
  } = await readRuns(path.join(folder, 'assay-results'));
  expect(stored?.run.id).toBe(envelope.data?.run.id);
  const records = stored?.records.map(({ record }) => record) ?? [];
  expect(records.map(({ kind }) => kind).sort()).toEqual(['cell', 'cell', 'group']);
  const group = records.find((record) => record.kind === 'group');
  expect(group?.variants.map(({ timed }) => timed.status)).toEqual(['measured', 'measured']);
  expect(group?.control?.processes).toBe(9);
  expect(group?.variants[1]?.latency?.pairs).toBe(
    group?.pairs.filter(({ variant }) => variant === 'int8-dynamic').flatMap(({ variantMs }) => variantMs)
      .length,
  );
});

test('a second run leaves the first as it was', async () => {
  const { folder } = await createProject();
  await runTiny(folder);
  const [first = ''] = await runsIn(folder);
  const file = path.join(folder, 'assay-results', 'runs', first, 'run.json');
  const before = await readFile(file, 'utf8');
  await runTiny(folder);
  expect(await runsIn(folder)).toHaveLength(2);
  expect(await readFile(file, 'utf8')).toBe(before);
});

test('Ctrl-C ends with 130 and keeps the cells that were finished', async () => {
  const { folder } = await createProject();
  const child = startCli(folder, 'run', 'mine.suite.json');
  let stderr = '';
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    const wasTiming = stderr.includes('timing ');
    stderr += chunk;
    if (!wasTiming && stderr.includes('timing ')) child.kill('SIGINT');
  });
  expect(await exited).toBe(130);
  expect(stderr).toContain('Interrupted. What was finished is kept in');
  const {
    runs: [stored],
  } = await readRuns(path.join(folder, 'assay-results'));
  expect(stored?.run.status).toBe('interrupted');
  expect(stored?.records.map(({ record }) => record.kind)).toEqual(['cell', 'cell']);
});

/** What a user may get wrong, and what the answer must name. */
const wrongInputs: [name: string, files: Record<string, string | Uint8Array>, expected: string[]][] = [
  [
    'an invalid field',
    { 'mine.suite.json': JSON.stringify({ ...suite, variants: [] }) },
    ['variants', 'mine.suite.json'],
  ],
  ['a dataset with another checksum', { 'mine.csv': csvRows(59) }, ['mine.csv', 'SHA-256']],
  [
    'a missing column',
    {
      'mine.dataset.json': JSON.stringify({
        ...datasetManifest(csvRows(60)),
        target: { kind: 'value', column: 'z', unit: 'm' },
      }),
    },
    ['"z"', 'mine.csv'],
  ],
  ['an ONNX file that is text', { 'mine.onnx': 'not a model' }, ['mine.onnx']],
  ['an ONNX file cut short', { 'mine.onnx': linearModel(2).subarray(0, 60) }, ['mine.onnx']],
  ['an empty ONNX file', { 'mine.onnx': '' }, ['mine.onnx']],
  [
    'a model of another width',
    { 'mine.onnx': linearModel(3) },
    ['mine.onnx', 'float32 [batch, 2]', 'float32 [batch, 3]'],
  ],
  [
    'a model that is not there',
    { 'mine.suite.json': JSON.stringify({ ...suite, models: ['./no.onnx'] }) },
    ['no.onnx'],
  ],
  [
    'a dataset that is not there',
    { 'mine.suite.json': JSON.stringify({ ...suite, dataset: 'carz' }) },
    ['"cars"'],
  ],
];

test.each(wrongInputs)(
  '%s ends with 2, names what is wrong, and writes nothing',
  async (_, files, expected) => {
    const { folder, write } = await createProject();
    for (const [name, content] of Object.entries(files)) await write(name, content);
    const { exitCode, stderr, stdout } = await runCli(folder, 'run', '--quick', 'mine.suite.json');
    expect(stderr.split('\n').filter((line) => /^\s+at /.test(line))).toEqual([]);
    for (const part of expected) expect(stderr).toContain(part);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(await runsIn(folder)).toEqual([]);
  },
);

test.each(['NaN', '', 'ten'])('a label of "%s" ends with 2 and names row and column', async (label) => {
  const { folder, write } = await createProject();
  const csv = csvRows(60).replace(/,[^,\n]*\n$/, `,${label}\n`);
  await write('mine.csv', csv);
  await write('mine.dataset.json', JSON.stringify(datasetManifest(csv)));
  const { exitCode, stderr } = await runCli(folder, 'validate', 'mine.suite.json');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('y');
  expect(stderr).toContain('mine.csv');
});

test('a folder named like a model ends with 2 and says where', async () => {
  const { folder, write } = await createProject();
  await write('folder.onnx/inside', '');
  await write('mine.suite.json', JSON.stringify({ ...suite, models: ['./folder.onnx'] }));
  const { exitCode, stderr } = await runCli(folder, 'run', '--quick', 'mine.suite.json');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('folder.onnx');
});

test('another run that is broken takes nothing from this one', async () => {
  const { folder, write } = await createProject();
  await write('assay-results/runs/broken/run.json', '{');
  const { exitCode, stdout } = await runTiny(folder);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('int8-dynamic');
});

test('a results folder of a newer Assay is refused, and nothing is written to it', async () => {
  const { folder, write } = await createProject();
  const future = { schemaVersion: schemaVersion + 1, kind: 'run', id: 'later' };
  await write('assay-results/runs/later/run.json', JSON.stringify(future));
  for (const flags of [[], ['--fresh']]) {
    const { exitCode, stderr } = await runCli(folder, 'run', '--quick', ...flags, 'mine.suite.json');
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`later/run.json has schema version ${schemaVersion + 1}`);
    expect(await runsIn(folder)).toEqual(['later']);
  }
});

test('a results folder that cannot be written ends with 2 and says where', async () => {
  const { folder, write } = await createProject();
  await write('taken', 'a file');
  const { exitCode, stderr } = await runCli(
    folder,
    'run',
    '--quick',
    '--results',
    'taken/here',
    'mine.suite.json',
  );
  expect(exitCode).toBe(2);
  expect(stderr).toContain('taken/here');
});

test('a slice by a column with a value a row ends validate with 2 and says how many values it has', async () => {
  const { folder, write } = await createProject();
  await write('mine.suite.json', JSON.stringify({ ...suite, slices: ['a'] }));
  const { exitCode, stderr } = await runCli(folder, 'validate', 'mine.suite.json');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('Suite mine slices by "a", which has 30 values in 30 test samples');
});

test('an output that cannot fit the data ends run and validate with 2 before anything is measured', async () => {
  const { folder, write } = await createProject();
  const target = { kind: 'value', columns: ['y', 'b'], unit: 'm' };
  await write('mine.dataset.json', JSON.stringify({ ...datasetManifest(csvRows(60)), target }));
  for (const command of ['validate', 'run']) {
    const { exitCode, stderr } = await runCli(folder, command, 'mine.suite.json');
    expect(exitCode, command).toBe(2);
    expect(stderr).toContain('"y" (float32 [batch, 1]) does not fit; accepted: float [batch, 2] for y, b.');
  }
  expect((await readRuns(path.join(folder, 'assay-results'))).runs).toEqual([]);
});

test('a model of a fixed batch ends run and validate with 2 where the suite times it with others, and says which', async () => {
  const { folder, write } = await createProject();
  const graph = buildGraph('fixed');
  const x = graph.input('x', { type: 'float32', shape: [7, 2] });
  const axes = graph.initializer('axes', { type: 'int64', shape: [1], data: BigInt64Array.of(1n) });
  graph.node('ReduceSum', [x, axes], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: [7, 1] });
  await write('mine.onnx', encodeModel(graph.model()));
  const scenarios = [
    { kind: 'single-stream' },
    { kind: 'multi-stream', samplesPerQuery: 7 },
    { kind: 'offline', batchSizes: [7, 14] },
    { kind: 'thread-sweep' },
  ];
  await write('mine.suite.json', JSON.stringify({ ...suite, scenarios }));
  for (const command of ['validate', 'run']) {
    const { exitCode, stderr } = await runCli(folder, command, 'mine.suite.json');
    expect(exitCode, command).toBe(2);
    const told = stderr.replace(/\s+/g, ' ');
    expect(told).toContain(
      'it was exported for batches of 7 and cannot be timed with others: "batchSize" of "timing" is 1, the scenario "single-stream" has calls of 1, "batchSizes" of the scenario "offline" are 7, 14.',
    );
    expect(told).toContain(
      'In the suite, set "batchSize" of "timing" to 7, leave out the scenario "single-stream", set "batchSizes" of the scenario "offline" to [7]; or export the model for batches of any size.',
    );
  }
  expect((await readRuns(path.join(folder, 'assay-results'))).runs).toEqual([]);

  const accepted = [scenarios[1], { kind: 'offline', batchSizes: [7] }, scenarios[3]];
  await write('mine.suite.json', JSON.stringify({ ...suite, timing: { batchSize: 7 }, scenarios: accepted }));
  expect((await runCli(folder, 'validate', 'mine.suite.json')).exitCode).toBe(0);
});

test.for([
  [2, ['no', 'maybe']],
  [0, ['no', 'yes']],
] as const)(
  'samples of the classes no and yes end validate with %i for a model of %j',
  async ([expected, labels]) => {
    const { folder, write } = await createProject();
    const csv = csvRows(60)
      .replace(/,-[^,\n]+$/gm, ',no')
      .replace(/,\d[^,\n]*$/gm, ',yes');
    await write('mine.csv', csv);
    const classes = ['no', 'yes'].map((value) => ({ value, label: value }));
    const target = { kind: 'class', column: 'y', classes };
    await write('mine.dataset.json', JSON.stringify({ ...datasetManifest(csv), target }));
    const task = { kind: 'classification', labels };
    const policy = { ...suite.policy, maxDrop: { kind: 'absolute', value: 0.1 } };
    await write('mine.suite.json', JSON.stringify({ ...suite, task, policy, metrics: ['accuracy'] }));
    const { exitCode, stderr } = await runCli(folder, 'validate', 'mine.suite.json');
    expect(exitCode, stderr).toBe(expected);
    if (expected === 2)
      expect(stderr).toContain('the model does not know the class "yes"; its classes are: no, maybe');
  },
);

/** As `linearModel`, of an output whose width is known at run time only. */
function openModel(): Uint8Array {
  const graph = buildGraph('open');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 2] });
  const w = graph.initializer('w', { type: 'float32', shape: [2, 1], data: Float32Array.of(2, -1) });
  const kept = graph.initializer('kept', { type: 'bool', shape: [1], data: Uint8Array.of(1) });
  const attributes = { axis: { int: 1 } };
  graph.node('Compress', [graph.node('MatMul', [x, w]), kept], { attributes, outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 'width'] });
  return encodeModel(graph.model());
}

test('a fault of a worker’s cell is recorded, the rest is measured, and the exit code is 4', async () => {
  const { folder, write } = await createProject();
  const target = { kind: 'value', columns: ['y', 'b'], unit: 'm' };
  await write('two.dataset.json', JSON.stringify({ ...datasetManifest(csvRows(60)), id: 'two', target }));
  await write('open.onnx', openModel());
  const other = { ...suite, id: 'other', dataset: './two.dataset.json', models: ['./open.onnx'] };
  await write('other.suite.json', JSON.stringify(other));
  const { exitCode, stdout } = await runTiny(folder, { suites: ['mine.suite.json', 'other.suite.json'] });
  expect(exitCode).toBe(4);
  expect(stdout).toContain('does not fit; accepted: float [batch, 2] for y, b');
  const {
    runs: [stored],
  } = await readRuns(path.join(folder, 'assay-results'));
  expect(stored?.run.status).toBe('incomplete');
  const outcomes = stored?.records.flatMap(({ record }) =>
    record.kind === 'cell' ? [record.outcome.status] : [],
  );
  expect(outcomes?.sort()).toEqual(['failed', 'failed', 'measured', 'measured']);
});

test('a suite whose task does not score what the dataset tells is refused before anything is measured', async () => {
  const { folder, write } = await createProject();
  const classification = { ...suite, task: { kind: 'classification' }, metrics: ['accuracy'] };
  await write('mine.suite.json', JSON.stringify(classification));
  const { exitCode, stderr } = await runCli(folder, 'validate', 'mine.suite.json');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('task: a dataset with a target "value" is for regression; found classification');
});

test('an output that the model does not have is refused before anything is measured', async () => {
  const { folder, write } = await createProject();
  await write('mine.suite.json', JSON.stringify({ ...suite, task: { kind: 'regression', output: 'x' } }));
  const { exitCode, stderr } = await runCli(folder, 'validate', 'mine.suite.json');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('the model has no output "x"; it has: y');
});

test('an error in --json is an envelope on stdout with code, message and hint', async () => {
  const { folder } = await createProject();
  const { exitCode, stdout } = await runCli(folder, 'validate', '--json', 'fuel-econmy');
  expect(exitCode).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    ok: false,
    command: 'validate',
    data: null,
    errors: [{ code: 'not-found', hint: 'assay list' }],
  });
});

test.each([
  ['rnu', 'run'],
  ['run --quik', 'quick'],
  ['run --workers none', 'workers'],
  ['run --results ', 'is not the path of a folder'],
  ['report serve --port 99999', 'port'],
])('assay %s ends with 2 and a word about %s', async (line, word) => {
  const { folder } = await createProject();
  const { exitCode, stderr } = await runCli(folder, ...line.split(' '));
  expect(exitCode).toBe(2);
  expect(stderr).toContain(word);
});

test('a report of nothing ends with 4 and says what to do first', async () => {
  const { folder } = await createProject();
  const { exitCode, stderr } = await runCli(folder, 'report', 'build');
  expect(exitCode).toBe(4);
  expect(stderr).toContain('assay run');
});
