import { readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { changed, type OnnxModel } from '../../models/onnx/model.ts';
import { decodeModel } from '../../models/onnx/read.ts';
import { encodeModel } from '../../models/onnx/write.ts';
import { readRuns } from '../../results/read-runs.ts';
import { formatTarget } from '../../results/target-schema.ts';
import type { Foresight } from '../../runners/check-targets.ts';
import {
  createProject,
  datasetManifest,
  linearModel,
  runCli,
  runTiny,
  runWith,
  startCli,
  suite,
} from './project.ts';

interface Envelope<Data> {
  ok: boolean;
  data: Data;
}

test('list tells suites, datasets, models and targets, as text and as data', async () => {
  const { folder } = await createProject();
  const { exitCode, stdout } = await runCli(folder, 'list', '--json');
  const data = (
    JSON.parse(stdout) as Envelope<
      Record<'suites' | 'datasets' | 'models', { id: string }[]> & { runs: unknown[] }
    >
  ).data;
  expect(exitCode).toBe(0);
  expect(data.suites.map(({ id }) => id)).toContain('handwritten-digits');
  expect(data.runs).toEqual([]);
  const text = (await runCli(folder, 'list')).stdout;
  for (const { id } of [...data.suites, ...data.datasets, ...data.models]) expect(text).toContain(id);
});

test('validate checks a suite with its data and its model and measures nothing', async () => {
  const { folder, write } = await createProject();
  await write('mine.suite.json', JSON.stringify({ ...suite, variants: ['fp32'] }));
  const { exitCode, stdout, stderr } = await runCli(folder, 'validate', 'mine.suite.json');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: 'probing onnxruntime/cpu\n' });
  expect(stdout).toBe('ok  mine: mine on mine (30 test samples), 1 cell\n');
});

test('validate counts the queries of a ranking, their rows, and the rows that are dropped', async () => {
  const { folder, write } = await createProject();
  const rows = 'a,b,gain,query\n1,0,1,NA\n2,0,0,NA\n0,1,1,p\n0,2,0,p\n?,2,0,p\n';
  const changes = {
    target: { kind: 'gain', column: 'gain', queryColumn: 'query' },
    missing: { features: 'drop', label: 'error' },
    split: { seed: 1, testShare: 1, stratify: false },
  };
  await write('mine.csv', rows);
  await write('mine.dataset.json', JSON.stringify({ ...datasetManifest(rows), ...changes }));
  await write(
    'mine.suite.json',
    JSON.stringify({ ...suite, task: { kind: 'ranking' }, metrics: ['ndcg'], variants: ['fp32'] }),
  );
  const { stdout } = await runCli(folder, 'validate', 'mine.suite.json');
  expect(stdout).toBe(
    'ok  mine: mine on mine (2 test samples of 4 rows, 1 row dropped for missing values), 1 cell\n',
  );
});

test('a run tells what rows of a dataset take no part, once, before anything is measured', async () => {
  const { folder, write } = await createProject();
  const rows = `a,b,y\n${'1,2,3\n'.repeat(8)}NA,2,3\n1,?,3\n`;
  const changes = {
    missing: { features: 'drop', label: 'error' },
    split: { seed: 1, testShare: 1, stratify: false },
  };
  await write('mine.csv', rows);
  await write('mine.dataset.json', JSON.stringify({ ...datasetManifest(rows), ...changes }));
  await write('mine.suite.json', JSON.stringify({ ...suite, variants: ['fp32'] }));
  await write('other.suite.json', JSON.stringify({ ...suite, id: 'other', variants: ['fp32'] }));
  const { stderr } = await runTiny(folder, { suites: ['mine.suite.json', 'other.suite.json'] });
  const [before, ...after] = stderr.split('dropped  mine: 2 rows for missing values\n');
  expect(before).not.toContain('quality ');
  expect(after).toHaveLength(1);
  expect(after[0]).toContain('quality ');
});

test('what a command, its host and its lanes have compiled is kept for the next command', async () => {
  const { folder } = await createProject();
  const own = { TMPDIR: folder, NODE_COMPILE_CACHE: undefined };
  const { exitCode } = await runWith(own, folder, 'validate', 'mine.suite.json');
  expect(exitCode).toBe(0);
  const caches = path.join(folder, 'node-compile-cache');
  const files = await readdir(caches, { recursive: true, withFileTypes: true });
  const texts = files.flatMap((file) =>
    file.isFile() ? [readFileSync(path.join(file.parentPath, file.name), 'latin1')] : [],
  );
  // What is compiled holds the names of its functions: of the command line, the host and a lane.
  for (const name of ['runCli', 'startThreadLanes', 'requireSound'])
    expect(texts.filter((text) => text.includes(name))).not.toEqual([]);
});

test('what a target cannot take is told before anything is measured, in the words of the record', async () => {
  const { folder, write } = await createProject();
  const targets = ['onnxruntime/cpu', 'tfjs/wasm', 'onnxruntime/dml', 'onnxruntime/coreml'];
  await write('mine.suite.json', JSON.stringify({ ...suite, targets }));
  const { exitCode, stdout } = await runCli(folder, 'validate', 'mine.suite.json', '--json');
  const { foresights } = (JSON.parse(stdout) as Envelope<{ foresights: Foresight[] }>).data;
  const { stderr } = await runTiny(folder);
  const { runs } = await readRuns(path.join(folder, 'assay-results'));
  const skipped = (runs[0]?.records ?? []).flatMap(({ record }) =>
    record.kind === 'cell' && record.outcome.status === 'skipped'
      ? [[record.variant.name, formatTarget(record.subject.target), record.outcome.reason]]
      : [],
  );
  expect(exitCode).toBe(0);
  expect(skipped.length).toBeGreaterThanOrEqual(4);
  expect(
    foresights.map(({ variant, target, reason }) => [variant, formatTarget(target), reason]).toSorted(),
  ).toEqual(skipped.toSorted());
  const [before = ''] = stderr.split('quality ');
  expect(before).toContain(
    'foreseen mine: mine (fp32, int8-dynamic) on tfjs/wasm will be skipped: mine.onnx is an ONNX file',
  );
  expect(before).toContain('next: onnxruntime/cpu runs this model');
});

test('a suite whose cells will all be skipped ends validate and run with 4, and a part of one that is skipped does not', async () => {
  const { folder, write } = await createProject();
  await write('none.suite.json', JSON.stringify({ ...suite, id: 'none', targets: ['tfjs/wasm'] }));
  const { exitCode, stdout } = await runCli(folder, 'validate', 'mine.suite.json', 'none.suite.json');
  expect(exitCode).toBe(4);
  expect(stdout).toMatch(/^ok {2}mine: .*2 cells\n\?\? {2}none: .*2 cells\n/);
  expect(stdout).toContain(
    '\nNothing of suite none would be measured: all of its 2 cells will be skipped. Next: name targets that run',
  );
  const asData = await runCli(folder, 'validate', 'none.suite.json', '--json');
  expect(JSON.parse(asData.stdout)).toMatchObject({ ok: false, errors: [{ code: 'nothing-measured' }] });
  const run = await runCli(folder, 'run', '--quick', 'none.suite.json');
  expect([run.exitCode, asData.exitCode]).toEqual([4, 4]);
  expect(run.stdout).toContain('Nothing was measured. Next: name targets that run');
});

test('a suite whose variants will all be skipped beside a baseline passes validate, which says that a gate will not', async () => {
  const { folder, write } = await createProject();
  const onCars = {
    ...suite,
    dataset: 'cars',
    models: ['cars-mlp'],
    targets: ['tfjs/cpu'],
    variants: ['int8-static'],
  };
  await write('mine.suite.json', JSON.stringify(onCars));
  const { exitCode, stdout } = await runCli(folder, 'validate', 'mine.suite.json');
  expect(stdout).toMatch(
    /^ok {2}mine.*\n\?\? {2}mine: cars-mlp \(int8-static\) on tfjs\/cpu will be skipped/,
  );
  expect(stdout).toContain(
    '\nNothing of suite mine would be compared: every variant will be skipped, so that',
  );
  expect(exitCode).toBe(0);
});

test('two models of one name end every command with both paths; each in a folder of its own is measured', async () => {
  const { folder, write } = await createProject();
  for (const name of ['sub/mine.onnx', 'a/model.onnx', 'b/model.onnx']) await write(name, linearModel(2, 3));
  await write('same.suite.json', JSON.stringify({ ...suite, models: ['./mine.onnx', './sub/mine.onnx'] }));
  for (const command of ['validate', 'run']) {
    const { exitCode, stderr } = await runCli(folder, command, 'same.suite.json');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('has two models called "mine": ./mine.onnx and ./sub/mine.onnx.');
    expect(stderr).toContain('Rename one of the files');
  }
  await write('apart.suite.json', JSON.stringify({ ...suite, models: ['./a/model.onnx', './b/model.onnx'] }));
  const { stdout } = await runCli(folder, 'validate', 'apart.suite.json');
  expect(stdout).toBe('ok  mine: a, b on mine (30 test samples), 4 cells\n');
});

test.each([
  ['no device can run', { change: ofLaterForm, expected: [2, 2, 2, 2], message: 'is of IR version 99' }],
  // A suite has other models and targets beside it, which are measured.
  ['no runtime here can load', { change: withUnknownOperator, expected: [4, 4, 2, 2], message: 'Nonsense' }],
])(
  'a model that %s ends the commands on suites alike, and those on a model alike',
  async (_, { change, expected, message }) => {
    const { folder, write } = await createProject();
    const model = decodeModel(await readFile(path.join(folder, 'mine.onnx')), 'mine.onnx');
    await write('mine.onnx', encodeModel(change(model)));
    const commands = [
      ['validate', 'mine.suite.json'],
      ['run', '--quick', 'mine.suite.json'],
      ['optimize', 'mine.onnx', 'int8-dynamic', '--out', 'made'],
      ['explain', 'mine.onnx'],
    ];
    const outcomes = await Promise.all(commands.map((args) => runCli(folder, ...args, '--json')));
    expect(outcomes.map(({ exitCode }) => exitCode)).toEqual(expected);
    for (const { stdout } of outcomes) expect(stdout).toContain(message);
  },
);

function ofLaterForm(model: OnnxModel): OnnxModel {
  return changed(model, { irVersion: 99 });
}

function withUnknownOperator(model: OnnxModel): OnnxModel {
  const node = model.graph.node.map((one) => changed(one, { opType: 'Nonsense' }));
  return changed(model, { graph: changed(model.graph, { node }) });
}

test('gate without a run ends with 4 and says what to do first', async () => {
  const { folder } = await createProject();
  const { exitCode, stderr } = await runCli(folder, 'gate');
  expect(exitCode).toBe(4);
  expect(stderr).toContain('assay run --quick');
});

test('report serve answers from its folder alone, with 404 for the rest, until Ctrl-C', async () => {
  const { folder } = await createProject();
  const report = path.join(folder, 'assay-report');
  await mkdir(path.join(report, 'method'), { recursive: true });
  await writeFile(path.join(report, 'index.html'), 'the index');
  await writeFile(path.join(report, 'method', 'index.html'), 'the method');
  await writeFile(path.join(folder, 'secret.txt'), 'secret');
  const child = startCli(folder, 'report', 'serve', '--port', '0');
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const address = await new Promise<string>((resolve) => {
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      resolve(/http:\S+/.exec(chunk)?.[0] ?? '');
    });
  });
  const get = async (where: string): Promise<[number, string]> => {
    const response = await fetch(new URL(where, address));
    return [response.status, await response.text()];
  };
  expect(await get('/')).toEqual([200, 'the index']);
  expect(await get('/method/')).toEqual([200, 'the method']);
  expect((await get('/nothing/'))[0]).toBe(404);
  expect(await get('/..%2fsecret.txt')).toEqual([404, 'Not found']);
  expect((await get('/%E0%A4%A'))[0]).toBe(404);
  child.kill('SIGINT');
  expect(await exited).toBe(0);
});

test('report serve without a report says how to build one', async () => {
  const { folder } = await createProject();
  const { exitCode, stderr } = await runCli(folder, 'report', 'serve');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('assay report build');
});

test.each([
  [['run', '--nope'], 'run', /flag.*--nope/],
  [['run', '--workers', 'x'], 'run', /"x" is not a whole number from 1 to 1024/],
  [['runn'], 'runn', /runn/],
  [['run', '--quick', '--thorough'], 'run', /--quick and --thorough were both given/],
] as const)(
  'a command line that is not understood is an error in the envelope, too: %j',
  async (args, command, message) => {
    const { folder } = await createProject();
    const { exitCode, stdout } = await runCli(folder, ...args, '--json');
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      ok: false,
      command,
      data: null,
      errors: [
        {
          code: 'usage-invalid',
          message: expect.stringMatching(message) as string,
          hint: expect.any(String) as string,
        },
      ],
    });
  },
);
