import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { sha256 } from '../../core/hash.ts';
import { buildGraph } from '../../models/onnx/builder.ts';
import { saveModel } from '../../models/onnx/save.ts';
import { encodeModel } from '../../models/onnx/write.ts';
import { readRuns } from '../../results/read-runs.ts';
import { crashingModel, endlessModel } from '../fakes/harmful-models.ts';
import { layeredModel } from '../fakes/layered-model.ts';
import {
  createProject,
  csvRows,
  datasetManifest,
  linearModel,
  runCli,
  runTiny,
  startCli,
  suite,
  type Project,
} from './project.ts';

interface Optimized {
  variant: string;
  status: string;
  file: string;
  reason: string;
  passes: string[];
}

interface PlanAdvice {
  variant: string;
  advice: { code: string }[];
  skipped: string | null;
}

interface Candidate {
  variant: { name: string; sizeBytes: number };
  leftOut: string[];
  comparison: { verdict: string; margin: number; interval: { low: number; high: number } };
  time: { p50Ms: number } | null;
  isPareto: boolean;
  file: string | null;
}

interface LayerCost {
  node: string;
  alone: { distance: number; difference: number | null };
  without: { distance: number };
}

interface Envelope {
  data: {
    advice: PlanAdvice[];
    uncalled: string | null;
    optimized: Optimized[];
    candidates: Candidate[];
    chosen: string | null;
    areSamplesTooFew: boolean;
    costs: LayerCost[];
  };
  errors: { message: string; hint: string }[];
}

function envelopeOf(stdout: string): Envelope {
  return JSON.parse(stdout) as Envelope;
}

async function inputsOf(file: string): Promise<readonly string[]> {
  const session = await InferenceSession.create(file);
  onTestFinished(() => session.release());
  return session.inputNames;
}

/** What is said before the first variant is made. */
function beforeMaking(stderr: string): string {
  const lines = stderr.split('\n');
  const first = lines.findIndex((line) => line.startsWith('making'));
  return lines.slice(0, first).join('\n');
}

test('each variant is written as a model that loads, calibrated on the dataset of its model', async () => {
  const { folder } = await createProject();
  const variants = ['int8-static', 'prune-magnitude-50+int8-dynamic'];
  const { exitCode, stdout } = await runCli(
    folder,
    ...['optimize', 'cars-mlp', ...variants, '--out', 'made', '--json'],
  );
  expect(exitCode).toBe(0);
  const { optimized } = envelopeOf(stdout).data;
  expect(optimized.map(({ file }) => file)).toEqual(
    variants.map((variant) => path.join('made', `cars-mlp.${variant}.onnx`)),
  );
  expect(optimized[0]?.passes[0]).toContain('training samples of cars');
  for (const { file } of optimized) expect(await inputsOf(path.join(folder, file))).toEqual(['features']);
});

test('what will not help is told before any variant is made', async () => {
  const { folder } = await createProject();
  const { stdout, stderr } = await runCli(
    folder,
    ...['optimize', 'cars-mlp', 'fp16', 'prune-magnitude-50+int8-dynamic', '--out', 'made', '--json'],
  );
  const told = beforeMaking(stderr);
  expect(told).toMatch(/^advice +.*fp16: half-precision-on-cpu: .*take int8-dynamic/m);
  expect(told).toMatch(/^advice +.*prune-magnitude-50\+int8-dynamic: zeros-on-dense-kernels: /m);
  expect(codesOf(envelopeOf(stdout).data.advice)).toEqual({
    fp16: ['half-precision-on-cpu', 'too-small-to-gain'],
    'prune-magnitude-50+int8-dynamic': ['too-small-to-gain', 'zeros-on-dense-kernels'],
  });
});

test('of what quantizing leaves to fp16 it is told beforehand what will come of it', async () => {
  const { folder } = await createProject();
  const variants = ['int8-static+fp16', 'prune-magnitude-50+fp16'];
  const { stdout, stderr } = await runCli(
    folder,
    ...['optimize', 'cars-mlp', ...variants, '--out', 'made', '--json'],
  );
  const { advice, optimized } = envelopeOf(stdout).data;
  const told = beforeMaking(stderr);
  expect(optimized.map(({ status }) => status)).toEqual(['not-applicable', 'written']);
  const reason = optimized[0]?.reason ?? '';
  expect(reason).toContain('nothing is left for fp16');
  expect(told).toContain(`foreseen int8-static+fp16 will be skipped: ${reason}`);
  expect(advice.map(({ skipped }) => skipped)).toEqual([reason, null]);
  expect(codesOf(advice)).toMatchObject({ 'int8-static+fp16': [] });
});

/** Without `may-saturate`, which is up to the processor. */
function codesOf(given: readonly PlanAdvice[]): Record<string, string[]> {
  const codes = ({ advice }: PlanAdvice): string[] =>
    advice.map(({ code }) => code).filter((code) => code !== 'may-saturate');
  return Object.fromEntries(given.map((plan) => [plan.variant, codes(plan)]));
}

test('a model with its weights in another file is written with them, and loads where it lies', async () => {
  const { folder } = await createProject();
  const model = path.join(folder, 'layered.onnx');
  expect(await saveModel(layeredModel(['sturdy', 'sturdy']), model, { inlineBytes: 0 })).toHaveLength(2);
  const { exitCode } = await runCli(
    folder,
    'optimize',
    'layered.onnx',
    'prune-magnitude-99',
    '--out',
    'made',
  );
  expect(exitCode).toBe(0);
  const made = path.join(folder, 'made');
  expect((await readdir(made)).sort()).toEqual([
    'layered.prune-magnitude-99.onnx',
    'layered.prune-magnitude-99.onnx.data',
  ]);
  expect(await inputsOf(path.join(made, 'layered.prune-magnitude-99.onnx'))).toEqual(['x']);
});

test('a bare model becomes each usual variant, and those that need data say why they are skipped', async () => {
  const { folder } = await createProject();
  const { exitCode, stdout } = await runCli(folder, 'optimize', 'mine.onnx', '--out', 'made');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^int8-static .*skipped: .*needs calibration data/m);
  const made = ['mine.int4-weights.onnx', 'mine.int8-dynamic.onnx'];
  expect((await readdir(path.join(folder, 'made'))).sort()).toEqual(made);
});

test('of a model that ends the process when it runs it is told that it does, and what was asked for is made', async () => {
  const { folder } = await createProject();
  await writeFile(path.join(folder, 'crashing.onnx'), crashingModel());
  const { exitCode, stdout, stderr } = await runCli(
    folder,
    'optimize',
    'crashing.onnx',
    'int8-dynamic',
    '--out',
    'made',
    '--json',
  );
  expect(exitCode).toBe(0);
  expect(envelopeOf(stdout).data.uncalled).toMatch(
    /crashing\.onnx cannot run on inputs made up for it: the process ended by signal SIG/,
  );
  expect(stderr).toMatch(
    /^advising by passes alone: Model .*crashing\.onnx cannot run on inputs made up for it: the process ended by signal SIG/m,
  );
  expect(await readdir(path.join(folder, 'made'))).toEqual(['crashing.int8-dynamic.onnx']);
});

test('data that do not fit the model, or are empty, end with 2 before anything is made', async () => {
  const { folder, write } = await createProject();
  await write('wide.onnx', linearModel(3));
  const misfit = await runCli(
    folder,
    'optimize',
    'wide.onnx',
    'int8-static',
    '--dataset',
    'mine.dataset.json',
  );
  expect(misfit.exitCode).toBe(2);
  expect(misfit.stderr).toContain('does not fit the model: the dataset\'s input "x" is float32 [batch, 2]');
  await write('mine.csv', 'a,b,y\n');
  await write('mine.dataset.json', JSON.stringify(datasetManifest('a,b,y\n')));
  const empty = await runCli(
    folder,
    'optimize',
    'mine.onnx',
    'int8-static',
    '--dataset',
    'mine.dataset.json',
  );
  expect(empty.exitCode).toBe(2);
  expect((await readdir(folder)).filter((name) => name.includes('int8-static'))).toEqual([]);
});

test('a model that cannot be loaded, or not be called on its data, ends with 2 and one error before any advice', async () => {
  const { folder, write } = await createProject();
  const made = ['int8-dynamic', 'fp16', '--out', 'made'];
  await write('unknown.onnx', oneNode('Frobnicate', 'rows'));
  const unknown = await runCli(folder, 'optimize', 'unknown.onnx', ...made);
  expect(unknown.exitCode).toBe(2);
  expect(unknown.stderr).toMatch(
    /^probing onnxruntime\/cpu\nprofiling the baseline\nError: .*unknown.onnx does not load in ONNX Runtime: .*\n {2}Next: /,
  );
  await write('any.onnx', oneNode('MatMul', 'columns'));
  const misfit = await runCli(folder, 'optimize', 'any.onnx', ...made, '--dataset', 'mine.dataset.json');
  expect(misfit.exitCode).toBe(2);
  expect(misfit.stderr).toMatch(
    /^probing onnxruntime\/cpu\nprofiling the baseline\nError: .*"x" float32 \[batch, 2\], where the model declares "x" float32 \[batch, any\]/,
  );
  expect(await readdir(path.join(folder, 'made'))).toEqual([]);
});

/** Takes any number of features by what it declares, and three by its weight. */
function oneNode(operator: string, columns: string): Uint8Array {
  const graph = buildGraph('one-node');
  const x = graph.input('x', { type: 'float32', shape: ['batch', columns] });
  const weight = { type: 'float32', shape: [3, 1], data: Float32Array.of(1, 2, 3) } as const;
  graph.node(operator, [x, graph.initializer('w', weight)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 1] });
  return encodeModel(graph.model());
}

test('a dataset without training samples says so where a pass is to be calibrated, and keeps no other pass from being made', async () => {
  const { folder, write } = await createProject();
  const split = { seed: 1, testShare: 1, stratify: false };
  await write('mine.dataset.json', JSON.stringify({ ...datasetManifest(csvRows(60)), split }));
  const variants = ['int8-static', 'int8-dynamic'];
  const args = ['optimize', 'mine.onnx', ...variants, '--dataset', 'mine.dataset.json', '--out', 'made'];
  const { stdout } = await runCli(folder, ...args);
  expect(stdout).toContain(
    'Dataset mine has no training samples to calibrate on: of its rows a share of 1 is for',
  );
  expect(await readdir(path.join(folder, 'made'))).toEqual(['mine.int8-dynamic.onnx']);
});

test.for([
  ['mine.csv', '--out mine.csv is a file; a folder is accepted.'],
  ['/proc/nope', '--out /proc/nope cannot be made: ENOENT'],
] as const)('a folder that %s cannot be is told before any work', async ([out, told]) => {
  const { folder } = await createProject();
  const { exitCode, stderr } = await runCli(folder, 'optimize', 'mine.onnx', 'int8-dynamic', '--out', out);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(told);
  expect(stderr).not.toContain('profiling');
});

test('a variant that cannot be made keeps no other from being written, and every one has its row', async () => {
  const { folder, write } = await createProject();
  const model = layeredModel(['sturdy']);
  model.graph.initializer[1]?.rawData.set([0, 0, 192, 127]);
  await write('nan.onnx', encodeModel(model));
  const { exitCode, stdout } = await runCli(
    folder,
    ...['optimize', 'nan.onnx', 'int8-dynamic', 'prune-heads-50-plain', 'fp32', '--out', 'made', '--json'],
  );
  expect(exitCode).toBe(4);
  const { errors, data } = envelopeOf(stdout);
  const { optimized } = data;
  expect(optimized.map(({ status }) => status)).toEqual(['failed', 'failed', 'written']);
  expect(errors.map(({ message }) => message.split(': ')[0])).toEqual([
    'int8-dynamic',
    'prune-heads-50-plain',
  ]);
  expect(optimized[0]?.reason).toContain('NaN');
  expect(await readdir(path.join(folder, 'made'))).toEqual(['nan.fp32.onnx']);
});

test('where the samples could not prove a loss of nothing no layers are tried, and the Pareto set is saved', async () => {
  const { folder } = await createProject();
  const { exitCode, stdout, stderr } = await runCli(
    folder,
    ...['optimize', 'digits-cnn', 'int4-weights', 'fp16', '--max-drop', '0.1%', '--by', 'size'],
    ...['--out', 'made', '--save', 'pareto', '--json'],
  );
  expect(exitCode).toBe(3);
  const { advice, candidates, chosen, areSamplesTooFew } = envelopeOf(stdout).data;
  expect(codesOf(advice).fp16).toEqual(['half-precision-on-cpu']);
  expect(stderr).toMatch(/advice {3}fp16: half-precision-on-cpu[^]*predicting with the baseline/);
  expect({ chosen, areSamplesTooFew }).toEqual({ chosen: null, areSamplesTooFew: true });
  expect(envelopeOf(stdout).errors).toMatchObject([
    { message: expect.stringContaining('No variant holds: ') as string },
  ]);
  expect(candidates.map(({ leftOut }) => leftOut)).toEqual([[], []]);
  const saved = candidates.filter(({ isPareto }) => isPareto).map(({ variant: { name } }) => name);
  expect(saved).toContain('int4-weights');
  expect((await readdir(path.join(folder, 'made'))).sort()).toEqual(
    ['digits-cnn.candidates.json', ...saved.map((name) => `digits-cnn.${name}.onnx`)].sort(),
  );
});

describe('bad input', () => {
  let project: Project;

  beforeAll(async () => {
    project = await createProject();
    await project.write('page.onnx', '<!doctype html>');
  });

  test.each([
    ['a variant that does not exist', ['cars-mlp', 'int8-dynamic', 'int9-dynamic'], '"int9-dynamic"'],
    ['no variant but the model', ['cars-mlp', 'fp32', '--max-drop', '1%'], 'Next: assay explain cars-mlp'],
    ['a file that is no model', ['page.onnx', 'int8-dynamic'], 'is not a whole ONNX model'],
    ['a loss that is none', ['cars-mlp', 'int8-dynamic', '--max-drop', 'little'], '"little" is not a loss'],
    [
      'a loss of more than there is',
      ['digits-cnn', 'int8-dynamic', '--max-drop', '200%'],
      'shares of the baseline up to 100% are accepted',
    ],
    [
      'data that do not fit',
      ['cars-mlp', 'int8-dynamic', '--max-drop', '1%', '--dataset', 'digits', '--scores', 'logits'],
      'Dataset digits does not fit the model',
    ],
    ['a bar without data', ['mine.onnx', 'int8-dynamic', '--max-drop', '1%'], '--dataset or --suite'],
  ])('%s is named, with exit code 2, and nothing is written', async (_, args, message) => {
    const { exitCode, stderr } = await runCli(project.folder, 'optimize', ...args, '--out', 'made');
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
    expect(await readdir(path.join(project.folder, 'made')).catch(() => [])).toEqual([]);
  });
});

describe('a model of five layers, two of which int8 by tensor ruins', () => {
  const variant = 'int8-dynamic-per-tensor';
  const data = ['--dataset', 'mine.dataset.json'];
  let project: Project;

  beforeAll(async () => {
    project = await createProject();
    const rows = csvRows(400);
    await project.write('mine.csv', rows);
    await project.write('mine.dataset.json', JSON.stringify(datasetManifest(rows)));
    const layers = ['fragile', 'sturdy', 'fragile'] as const;
    await project.write('layered.onnx', encodeModel(layeredModel(layers)));
  });

  test('is searched until its loss is proven to be within the bar: those two stay in float32', async () => {
    const { exitCode, stdout, stderr } = await runCli(
      project.folder,
      ...['optimize', 'layered.onnx', variant, ...data, '--max-drop', '50%', '--by', 'size'],
      ...['--out', 'made', '--json'],
    );
    expect(exitCode).toBe(0);
    const { candidates, chosen } = envelopeOf(stdout).data;
    expect(candidates.map(({ leftOut }) => leftOut.length)).toEqual([0, 1, 2]);
    expect(candidates.map(({ comparison }) => comparison.verdict)).toEqual([
      'regressed',
      'regressed',
      'pass',
    ]);
    const last = candidates.at(-1);
    expect(last?.leftOut.toSorted()).toEqual(['fragile_0', 'fragile_2']);
    expect(last?.comparison.interval.high).toBeLessThanOrEqual(last?.comparison.margin ?? 0);
    expect(last).toMatchObject({
      isPareto: true,
      time: null,
      file: path.join('made', `layered.${chosen}.onnx`),
    });
    expect(chosen).toMatch(/^int8-dynamic-per-tensor-except-nodes-[0-9a-f]{8}$/);
    const made = path.join(project.folder, 'made');
    expect((await readdir(made)).sort()).toEqual(['layered.candidates.json', `layered.${chosen}.onnx`]);
    const record = await readFile(path.join(made, 'layered.candidates.json'), 'utf8');
    expect(JSON.parse(record)).toMatchObject({ by: 'size', candidates, chosen });
    expect(await inputsOf(path.join(made, `layered.${chosen}.onnx`))).toEqual(['x']);
    expect(stderr).toContain('layer 1 of 5 alone');
    expect(await readdir(path.join(project.folder, '.assay', 'variants'))).toEqual([]);
    await expectMeasured(project, `layered.${chosen}.onnx`);
  });

  /** A suite names what a search has found as a model of its own (docs/decisions/006). */
  async function expectMeasured({ folder, write }: Project, found: string): Promise<void> {
    const models = ['./layered.onnx', `./made/${found}`];
    await write('found.suite.json', JSON.stringify({ ...suite, id: 'found', models, variants: ['fp32'] }));
    const { exitCode } = await runTiny(folder, { suites: ['found.suite.json'] });
    expect(exitCode).toBe(0);
    const { runs } = await readRuns(path.join(folder, 'assay-results'));
    const records = runs.flatMap((run) => run.records.map(({ record }) => record));
    const cells = records.filter((record) => record.kind === 'cell');
    const hash = sha256(await readFile(path.join(folder, 'made', found)));
    expect(cells.map(({ subject }) => subject.model.sha256)).toContain(hash);
    expect(cells.map(({ outcome }) => outcome.status)).toEqual(['measured', 'measured']);
  }

  test('names the two as the most costly, by the metric where there are data, else by how outputs move', async () => {
    const ask = ['explain', 'layered.onnx', variant, '--sensitivity', '--json'];
    const [judged, moved] = await Promise.all([
      runCli(project.folder, ...ask, ...data),
      runCli(project.folder, ...ask),
    ]);
    for (const { exitCode, stdout } of [judged, moved]) {
      expect(exitCode).toBe(0);
      const { costs } = envelopeOf(stdout).data;
      expect(
        costs
          .map(({ node }) => node)
          .slice(0, 2)
          .sort(),
      ).toEqual(['fragile_0', 'fragile_2']);
      expect(costs).toHaveLength(5);
      expect(costs[0]?.alone.distance).toBeGreaterThan(20 * (costs[2]?.alone.distance ?? Infinity));
    }
    const [first] = envelopeOf(judged.stdout).data.costs;
    expect(first?.alone.difference).toBeGreaterThan(0);
    expect(envelopeOf(moved.stdout).data.costs[0]?.alone.difference).toBeNull();
  });

  test('has no layers to choose from where nothing is quantized', async () => {
    const args = ['layered.onnx', 'prune-magnitude-50', '--sensitivity'];
    const { exitCode, stderr } = await runCli(project.folder, 'explain', ...args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('neither quantizes nor converts');
  });
});

describe('a model that never ends', () => {
  let project: Project;
  const calibrated = ['optimize', 'endless.onnx', 'int8-static', '--dataset', 'mine.dataset.json'];

  beforeAll(async () => {
    project = await createProject();
    await project.write('endless.onnx', endlessModel());
  });

  test('is a failed variant once its time is over, and others are made', async () => {
    const { exitCode, stdout } = await runCli(
      project.folder,
      ...[...calibrated, 'prune-magnitude-50', '--timeout', '8', '--json'],
    );
    expect(exitCode).toBe(4);
    const { optimized } = envelopeOf(stdout).data;
    expect(optimized.map(({ status }) => status)).toEqual(['failed', 'written']);
    expect(optimized[0]?.reason).toContain('within 8000 ms');
  });

  test('ends with Ctrl-C, and leaves nothing half written', async () => {
    const child = startCli(project.folder, ...calibrated, '--out', 'cut');
    onTestFinished(() => void child.kill('SIGKILL'));
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    const ended = new Promise((resolve) => child.once('close', resolve));
    await expect.poll(() => stderr, { timeout: 120_000 }).toContain('making int8-static');
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(await readdir(path.join(project.folder, 'cut'))).toEqual([]);
  });
});
