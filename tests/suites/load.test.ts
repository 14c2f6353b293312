import { mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { AssayError } from '../../core/errors.ts';
import { formatTarget } from '../../results/target-schema.ts';
import { listBuiltInSuites, loadSuiteFile, loadSuites } from '../../suites/load.ts';
import { parseTarget } from '../../suites/target.ts';

const valid = {
  id: 'mine',
  title: 'Mine',
  task: { kind: 'regression' },
  dataset: './mine.dataset.json',
  models: ['./mine.onnx'],
  variants: ['int8-dynamic'],
  targets: ['onnxruntime/cpu'],
  metrics: ['mse'],
  policy: { maxDrop: { kind: 'relative', value: 0.1 }, maxSlowdown: 0.05 },
};

async function suiteFile(content: string, name = 'mine.suite.json'): Promise<string> {
  const file = path.join(await mkdtemp(path.join(os.tmpdir(), 'assay-suite-')), name);
  await writeFile(file, content);
  return file;
}

async function errorOf(action: Promise<unknown>): Promise<AssayError> {
  const thrown: unknown = await action.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof AssayError)) throw new Error(`expected an AssayError, found ${String(thrown)}`);
  return thrown;
}

test('every built-in suite is valid and has an id of its own', async () => {
  const suites = await loadSuites([]);
  expect(suites.map(({ suite }) => suite.id)).toHaveLength((await listBuiltInSuites()).length);
  expect(new Set(suites.map(({ suite }) => suite.task.kind))).toEqual(
    new Set(['regression', 'classification', 'generation']),
  );
});

test('a suite in YAML means the same as in JSON', async () => {
  const yaml = [
    'id: mine',
    'title: Mine',
    'task: { kind: regression }',
    'dataset: ./mine.dataset.json',
    'models: [./mine.onnx]',
    'variants: [int8-dynamic]',
    'targets: [onnxruntime/cpu]',
    'metrics: [mse]',
    'policy: { maxDrop: { kind: relative, value: 0.1 }, maxSlowdown: 0.05 }',
  ].join('\n');
  const fromYaml = await loadSuiteFile(await suiteFile(yaml, 'mine.suite.yaml'));
  const fromJson = await loadSuiteFile(await suiteFile(JSON.stringify(valid)));
  expect(fromYaml.hash).toBe(fromJson.hash);
});

test('a suite in TypeScript is read from its default export', async () => {
  const file = await suiteFile(`export default ${JSON.stringify(valid)} as const;\n`, 'mine.suite.ts');
  expect((await loadSuiteFile(file)).suite.id).toBe('mine');
});

test('paths in a suite are relative to its file, ids are left alone', async () => {
  const file = await suiteFile(JSON.stringify({ ...valid, models: ['./mine.onnx', 'cars-mlp'] }));
  const { suite } = await loadSuiteFile(file);
  expect(suite.models).toEqual([path.join(path.dirname(file), 'mine.onnx'), 'cars-mlp']);
});

test('defaults are filled in and change nothing in what was given', async () => {
  const { suite, given } = await loadSuiteFile(await suiteFile(JSON.stringify(valid)));
  expect(suite.timing).toEqual({ batchSize: 1, threads: 1, seed: 1 });
  expect(given).toEqual(valid);
});

test('an unknown suite is answered with the nearest name', async () => {
  const error = await errorOf(loadSuites(['handwriten-digits']));
  expect(error.code).toBe('not-found');
  expect(error.message).toContain('Did you mean "handwritten-digits"?');
});

test('a missing suite file is named', async () => {
  expect((await errorOf(loadSuites(['./no.suite.json']))).message).toBe(
    'There is no suite file ./no.suite.json.',
  );
});

test('every wrong field is named with what was found', async () => {
  const wrong = {
    ...valid,
    task: { kind: 'clustering' },
    policy: { ...valid.policy, maxSlowdown: -1 },
    colour: 'red',
  };
  const { code, message } = await errorOf(loadSuiteFile(await suiteFile(JSON.stringify(wrong))));
  expect(code).toBe('suite-invalid');
  expect(message).toContain('task.kind');
  expect(message).toContain('policy.maxSlowdown: expected a number of at least 0; found -1');
  expect(message).toContain('colour');
});

test('affinities must be of as many threads as are timed but the first, which ONNX Runtime looks at only then', async () => {
  const pinned = (affinities: string, threads: number): string => {
    const sessionOptions = { 'session.intra_op_thread_affinities': affinities };
    const targets = [{ target: 'onnxruntime/cpu', sessionOptions }];
    return JSON.stringify({ ...valid, targets, timing: { threads } });
  };
  await expect(loadSuiteFile(await suiteFile(pinned('1', 3)))).rejects.toThrow(
    /affinities" is of each thread but the first, 2 where "threads" of "timing" is 3; found 1/,
  );
  for (const threads of [1, 3]) await loadSuiteFile(await suiteFile(pinned('1,2;3', threads)));
});

test('unknown metrics, variants and targets are all told at once, each with the nearest name', async () => {
  const wrong = { ...valid, metrics: ['mze'], variants: ['int8-dynamik'], targets: ['onnxruntime/cpuu'] };
  const { message } = await errorOf(loadSuiteFile(await suiteFile(JSON.stringify(wrong))));
  expect(message).toContain('"mse"');
  expect(message).toContain('"int8-dynamic"');
  expect(message).toContain('"onnxruntime/cpu"');
});

test('a metric of another task is refused', async () => {
  const { message } = await errorOf(
    loadSuiteFile(await suiteFile(JSON.stringify({ ...valid, metrics: ['accuracy'] }))),
  );
  expect(message).toContain('accuracy');
});

test('a name that is there twice is refused', async () => {
  const { message } = await errorOf(
    loadSuiteFile(await suiteFile(JSON.stringify({ ...valid, metrics: ['mse', 'mse'] }))),
  );
  expect(message).toContain('metrics: "mse" is there twice');
});

test.each([
  ['mine.suite.json', '{"id": '],
  ['mine.suite.yaml', 'id: [unclosed'],
  ['mine.suite.ts', 'export const suite = {};'],
  ['mine.suite.ts', 'throw new Error("boom");'],
])('a %s that cannot be read is refused by name (%s)', async (name, content) => {
  const file = await suiteFile(content, name);
  const error = await errorOf(loadSuiteFile(file));
  expect(error.code).toBe('suite-invalid');
  expect(error.message).toContain(file);
});

test('two suites of one id are refused', async () => {
  const files = [await suiteFile(JSON.stringify(valid)), await suiteFile(JSON.stringify(valid))];
  expect((await errorOf(loadSuites(files))).message).toContain('Suite id "mine" is used twice');
});

test('a margin in errors needs a metric that is a share of samples', async () => {
  const policy = { ...valid.policy, maxDrop: { kind: 'errors', value: 2 } };
  const { message } = await errorOf(loadSuiteFile(await suiteFile(JSON.stringify({ ...valid, policy }))));
  expect(message).toContain('policy.maxDrop: "errors" needs a first metric that is a share of samples');
  const classification = { ...valid, policy, task: { kind: 'classification' }, metrics: ['accuracy'] };
  expect(
    (await loadSuiteFile(await suiteFile(JSON.stringify(classification)))).suite.policy.maxDrop.kind,
  ).toBe('errors');
});

test.each([
  ['ranking', 'ndcg', 'hit-rate@3'],
  ['ranking', 'recall@3', 'hit-rate@1'],
  ['multilabel', 'hamming-loss', 'subset-accuracy'],
  ['multilabel', 'lrap', 'subset-accuracy'],
  ['generation', 'rouge-l', 'exact-match'],
  ['classification', 'brier', 'top-k-accuracy@3'],
] as const)('of %s, a margin in errors is refused of %s and taken of %s', async (kind, mean, share) => {
  const policy = { ...valid.policy, maxDrop: { kind: 'errors', value: 2 } };
  const load = (metric: string): Promise<unknown> => {
    const suite = { ...valid, policy, task: { kind }, metrics: [metric] };
    return suiteFile(JSON.stringify(suite)).then(loadSuiteFile);
  };
  expect((await errorOf(load(mean))).message).toContain(
    `share of samples, such as accuracy; found "${mean}"`,
  );
  await expect(load(share)).resolves.toMatchObject({ suite: { metrics: [share] } });
});

test('a target may have settings, and two of one device need labels', async () => {
  const basic = { target: 'onnxruntime/cpu', label: 'basic graph', graphOptimization: 'basic' };
  const targets = ['onnxruntime/cpu', basic];
  const { suite } = await loadSuiteFile(await suiteFile(JSON.stringify({ ...valid, targets })));
  expect(suite.targets.map((given) => formatTarget(parseTarget(given)))).toEqual([
    'onnxruntime/cpu',
    'onnxruntime/cpu (basic graph)',
  ]);
  const unlabelled = ['onnxruntime/cpu', { ...basic, label: undefined }];
  const file = await suiteFile(JSON.stringify({ ...valid, targets: unlabelled }));
  expect((await errorOf(loadSuiteFile(file))).message).toContain(
    'targets: "onnxruntime/cpu" is there twice; a "label" tells two apart',
  );
});

test('metrics given with options get their one id, however they are spelled', async () => {
  const load = async (metrics: unknown[]) =>
    loadSuiteFile(await suiteFile(JSON.stringify({ ...valid, metrics })));
  const given = await load([
    { id: 'pinball', quantile: 0.9, output: 'a' },
    { id: 'mse', output: '*' },
  ]);
  expect(given.suite.metrics).toEqual(['pinball@0.9?output=a', 'mse?output=*']);
  expect((await load(['pinball@0.90?output=a', 'mse?output=*'])).hash).toBe(given.hash);
});

test.each([
  [['mse', { id: 'mse', output: '' }], /metrics\.1/],
  [['mse', { id: 'mse', of: 'a' }], /options in metric "mse\?of=a":/],
  [['rmse', { id: 'pinball', quantile: 0.5 }, 'pinball@0.5'], /metrics: "pinball@0\.5" is there twice/],
  [
    [{ id: 'mse', output: '*' }],
    /the first is judged and is one figure; "mse\?output=\*" is one of every output/,
  ],
])('metrics of %j are refused', async (metrics, message) => {
  const { message: told, exitCode } = await errorOf(
    loadSuiteFile(await suiteFile(JSON.stringify({ ...valid, metrics }))),
  );
  expect(told).toMatch(message);
  expect(exitCode).toBe(2);
});

test.each(['mine.suite.json', 'mine.suite.yaml'])(
  '%s may be as editors of Windows write it: with a mark of its encoding, and two characters at the end of a line',
  async (name) => {
    const text = JSON.stringify(valid, null, 2).replaceAll('\n', '\r\n');
    const { suite } = await loadSuiteFile(await suiteFile(`\uFEFF${text}\r\n`, name));
    expect(suite.id).toBe(valid.id);
  },
);
