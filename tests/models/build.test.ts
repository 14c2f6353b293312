import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import * as ort from 'onnxruntime-node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sha256 } from '../../core/hash.ts';
import { packageRoot } from '../../core/package-root.ts';
import { buildVariant, type BuildOutcome } from '../../models/build.ts';
import { buildGraph } from '../../models/onnx/builder.ts';
import { changed, type OnnxModel } from '../../models/onnx/model.ts';
import { newestOpset } from '../../models/onnx/opset.ts';
import { loadSession } from '../../models/onnx/session.ts';
import { encodeModel } from '../../models/onnx/write.ts';
import type { CalibrationData } from '../../models/passes/calibration.ts';
import { leavingOut, parseVariant, type VariantPlan } from '../../models/variant.ts';
import { variantSchema } from '../../results/schema.ts';
import { goldenBytes, goldenFile } from './golden-models.ts';

type Built = Extract<BuildOutcome, { status: 'built' }>;

let cacheDir = '';
beforeEach(async () => {
  cacheDir = await mkdtemp(path.join(tmpdir(), 'assay-build-'));
});
afterEach(async () => {
  await rm(cacheDir, { recursive: true });
});

function golden(name: string): { path: string; sha256: string } {
  return { path: goldenFile(`${name}.onnx`), sha256: sha256(goldenBytes(name)) };
}

async function build(variant: string | VariantPlan, model = golden('layers')): Promise<Built> {
  const outcome = await buildVariant({ model, variant }, cacheDir);
  if (outcome.status === 'built') return outcome;
  throw new Error(outcome.reason);
}

/** A file that is made again is another, with the same in it. */
function withoutMarks({ path: file, variant }: Built): Omit<Built, 'files'> {
  return { status: 'built', path: file, variant };
}

test('the baseline is the file of the model itself', async () => {
  const { path: file, variant } = await build('fp32');
  expect(file).toBe(goldenFile('layers.onnx'));
  expect(variant).toEqual({
    name: 'fp32',
    isBaseline: true,
    sha256: golden('layers').sha256,
    sizeBytes: goldenBytes('layers').length,
    gzipBytes: gzipSync(goldenBytes('layers')).length,
    passes: [],
  });
});

test('a variant is a file that loads, with hash, sizes and lineage a record can hold', async () => {
  const { path: file, variant } = await build('prune-magnitude-50+int8-dynamic');
  const bytes = await readFile(file);
  expect(variantSchema.parse(variant)).toEqual({
    name: 'prune-magnitude-50+int8-dynamic',
    isBaseline: false,
    sha256: sha256(bytes),
    sizeBytes: bytes.length,
    gzipBytes: gzipSync(bytes).length,
    passes: [
      {
        pass: 'prune-magnitude',
        parameters: { sparsity: 0.5, scope: 'global' },
        summary: '624 of 1,248 weights are zero in 3 MatMul, Gemm and Conv tensors, one threshold for all',
      },
      {
        pass: 'quantize-dynamic',
        parameters: { granularity: 'per-channel', reduceRange: false },
        summary: '3 of 3 MatMul and Gemm weights quantized to int8, per channel',
      },
    ],
  });
  await (await ort.InferenceSession.create(file)).release();
});

test('a plan that leaves nodes out is another file than one that does not, and its record lists them', async () => {
  const plan = leavingOut(parseVariant('int8-dynamic'), ['layer0']);
  const [some, all] = [await build(plan), await build('int8-dynamic')];
  expect(some.path).not.toBe(all.path);
  expect(variantSchema.parse(some.variant)).toMatchObject({
    name: plan.name,
    passes: [
      { parameters: { leftOut: ['layer0'] }, summary: expect.stringContaining('2 of 3 MatMul') as string },
    ],
  });
});

test('a variant is built once: the second request finds the file as it was', async () => {
  const first = await build('int8-dynamic');
  const { mtimeMs } = await stat(first.path);
  expect(await build('int8-dynamic')).toEqual(first);
  expect((await stat(first.path)).mtimeMs).toBe(mtimeMs);
});

test('another model, pass or parameter is another file', async () => {
  const files = [
    await build('int8-dynamic'),
    await build('int8-dynamic-per-tensor'),
    await build('prune-magnitude-50'),
    await build('int8-dynamic', golden('bias')),
  ].map((built) => built.path);
  expect(new Set(files).size).toBe(4);
});

test.for([
  ['cut short', (bytes: Buffer) => bytes.subarray(0, 100)],
  [
    'changed in one bit',
    (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -1), Buffer.from([(bytes.at(-1) ?? 0) ^ 1])]),
  ],
] as const)('a kept file that was %s is built again', async ([, damage]) => {
  const first = await build('int8-dynamic');
  const whole = await readFile(first.path);
  await writeFile(first.path, damage(whole));
  expect(await build('int8-dynamic')).toMatchObject(withoutMarks(first));
  expect(await readFile(first.path)).toEqual(whole);
});

test.for(['', '{', '{"sha256": 1}'])('kept facts that read %o are made again', async (text) => {
  const first = await build('int8-dynamic');
  const facts = first.path.replace(/\.onnx$/u, '.json');
  const whole = await readFile(facts, 'utf8');
  await writeFile(facts, text);
  expect(await build('int8-dynamic')).toMatchObject(withoutMarks(first));
  expect(await readFile(facts, 'utf8')).toBe(whole);
});

test('a kept file that went missing is built again', async () => {
  const first = await build('int8-dynamic');
  await rm(first.path);
  expect(await build('int8-dynamic')).toMatchObject(withoutMarks(first));
});

test('processes that build the same variant at once all get the whole file', async () => {
  const program = `
    import { buildVariant } from './models/build.ts';
    const outcome = await buildVariant(${JSON.stringify({ model: golden('wide'), variant: 'int8-dynamic' })}, ${JSON.stringify(cacheDir)});
    process.stdout.write(outcome.variant.sha256);
  `;
  const run = (): Promise<{ stdout: string }> =>
    promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], { cwd: packageRoot });
  const outputs = await Promise.all([run(), run(), run()]);
  const { path: file } = await build('int8-dynamic', golden('wide'));
  const hash = sha256(await readFile(file));
  expect(outputs.map(({ stdout }) => stdout)).toEqual([hash, hash, hash]);
  expect(await readdir(cacheDir)).toHaveLength(2);
});

test('a pass with nothing to do makes the variant not applicable, and leaves no file', async () => {
  const outcome = await buildVariant(
    { model: golden('transposed-input'), variant: 'int8-dynamic' },
    cacheDir,
  );
  expect(outcome).toEqual({
    status: 'not-applicable',
    reason:
      'quantize-dynamic has nothing to do: no MatMul or Gemm has a constant float32 weight that can be quantized: 1 that scales or transposes its input.',
  });
  expect(await readdir(cacheDir)).toEqual([]);
});

test('a model that is not the one the hash is of is refused, baseline or not', async () => {
  const model = { ...golden('layers'), sha256: '0'.repeat(64) };
  for (const variant of ['fp32', 'int8-dynamic']) {
    await expect(buildVariant({ model, variant }, cacheDir)).rejects.toMatchObject({
      code: 'model-invalid',
      message: `${model.path} has SHA-256 ${golden('layers').sha256}; expected ${model.sha256}.`,
    });
  }
});

test('a file that is no model is refused, baseline or not', async () => {
  const model = await written(Buffer.from('PK\u0003\u0004'));
  for (const variant of ['fp32', 'int8-dynamic']) {
    await expect(build(variant, model)).rejects.toThrow(
      `${model.path} is not a whole ONNX model: it is a ZIP archive`,
    );
  }
});

test('a weight a pass cannot use is refused, naming the file', async () => {
  const graph = buildGraph('overflowed');
  graph.input('x', { type: 'float32', shape: [1, 1] });
  graph.initializer('w', { type: 'float32', shape: [1, 1], data: Float32Array.of(NaN) });
  graph.node('MatMul', ['x', 'w'], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: [1, 1] });
  const model = await written(encodeModel(graph.model()));
  await expect(build('int8-dynamic', model)).rejects.toMatchObject({
    code: 'model-invalid',
    message: `${model.path}: Weights "w" hold NaN at index 0; a pass needs finite weights.`,
    hint: 'Export the model again from weights that trained without overflow.',
  });
});

test.for(['int8-dynamic', 'prune-magnitude-50', 'fp16'])(
  'a model with a cycle is refused by the name of a node in it, as %s',
  async (variant) => {
    const model = await written(encodeModel(small({ cyclic: true })));
    await expect(build(variant, model)).rejects.toMatchObject({
      code: 'model-invalid',
      message: `${model.path}: The graph has a cycle: the Add node "sum" needs its own result.`,
    });
  },
);

test.for(['int8-dynamic', 'prune-magnitude-50'])(
  'a model of an operator set to come is refused by its number, as %s',
  async (variant) => {
    const model = await written(encodeModel(small({ opset: 99 })));
    await expect(build(variant, model)).rejects.toMatchObject({
      code: 'model-invalid',
      message: `${model.path}: The model is of operator set 99; ONNX Runtime 1.30 loads sets up to 26, and passes take 11 to 26.`,
    });
  },
);

test.for(['int8-dynamic', 'prune-magnitude-50'])(
  'a model with an operator ONNX Runtime does not have is refused, as %s, and no file stays',
  async (variant) => {
    const model = await written(encodeModel(small({ last: 'Nonsense' })));
    const inner = path.join(cacheDir, 'variants');
    const outcome = buildVariant({ model, variant }, inner);
    await expect(outcome).rejects.toMatchObject({
      code: 'model-invalid',
      message: expect.stringMatching(
        /ONNX Runtime cannot load the model itself: .* No Op registered for Nonsense/u,
      ) as string,
    });
    expect(await readdir(inner)).toEqual([]);
  },
);

test('a variant that fails when it is called on the data it was calibrated on is refused, and no file stays', async () => {
  const model = await written(encodeModel(lookUp()));
  let walks = 0;
  const calibration = (badWalk: number): CalibrationData => ({
    description: 'indices',
    hash: `${badWalk}`,
    batches: async function* () {
      const index = ++walks === badWalk ? 9n : 1n;
      yield await Promise.resolve({
        x: { type: 'int64' as const, shape: [1], data: BigInt64Array.of(index) },
      });
    },
  });
  const request = { model, variant: 'int8-static' };
  const inner = path.join(cacheDir, 'variants');
  const kept = await buildVariant({ ...request, calibration: calibration(0) }, inner);
  expect(kept.status).toBe('built');
  const files = await readdir(inner);
  // The last walk is the one whose first batch the file is called on.
  const last = walks;
  walks = 0;
  await expect(buildVariant({ ...request, calibration: calibration(last) }, inner)).rejects.toMatchObject({
    code: 'model-invalid',
    message: expect.stringMatching(/ONNX Runtime cannot run the model itself: .*looks up/u) as string,
  });
  expect(await readdir(inner)).toEqual(files);
});

test('a model that was exported for one sample at a time is calibrated on larger batches all the same', async () => {
  const calibration: CalibrationData = {
    ...{ description: 'indices', hash: 'three' },
    batches: async function* () {
      const data = BigInt64Array.of(0n, 1n, 2n);
      yield await Promise.resolve({ x: { type: 'int64' as const, shape: [3], data } });
    },
  };
  const model = await written(encodeModel(lookUp(1)));
  const outcome = await buildVariant({ model, variant: 'int8-static', calibration }, cacheDir);
  expect(outcome.status).toBe('built');
});

/** A table and a product: an index beyond 2 fails. */
function lookUp(batch: number | string = 'batch'): OnnxModel {
  const graph = buildGraph('look-up');
  const x = graph.input('x', { type: 'int64', shape: [batch] });
  const data = Float32Array.of(1, 2, 3, 4, 5, 6);
  const table = graph.initializer('table', { type: 'float32', shape: [3, 2], data });
  const row = graph.node('Gather', [table, x], { name: 'looks up' });
  graph.node('MatMul', [row, graph.initializer('w', { type: 'float32', shape: [2, 3], data })], {
    outputs: ['y'],
  });
  graph.output('y', { type: 'float32', shape: [batch, 3] });
  return graph.model();
}

test('the newest operator set is the newest ONNX Runtime loads', async () => {
  const load = async (opset: number): Promise<void> => {
    (await loadSession(encodeModel(small({ opset })), {})).close();
  };
  await load(newestOpset);
  await expect(load(newestOpset + 1)).rejects.toThrow(`Opset ${newestOpset + 1} is under development`);
});

test('the size after gzip is left out on request, and measured when it is asked for later', async () => {
  const model = golden('layers');
  const quick = await buildVariant({ model, variant: 'int8-dynamic', gzip: false }, cacheDir);
  expect(quick).toMatchObject({ status: 'built', variant: { gzipBytes: null } });
  const { path: file, variant } = await build('int8-dynamic');
  expect(variant.gzipBytes).toBe(gzipSync(await readFile(file)).length);
  expect(await buildVariant({ model, variant: 'int8-dynamic', gzip: false }, cacheDir)).toMatchObject({
    variant: { gzipBytes: variant.gzipBytes },
  });
});

/** A product, and after it a sum that, where `cyclic`, needs itself, and a last operator. */
function small({ cyclic = false, opset = 21, last = 'Relu' }): OnnxModel {
  const graph = buildGraph('small');
  graph.input('x', { type: 'float32', shape: [1, 2] });
  graph.initializer('w', { type: 'float32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) });
  const product = graph.node('MatMul', ['x', 'w']);
  graph.node('Add', [product, cyclic ? 's' : product], { name: 'sum', outputs: ['s'] });
  graph.node(last, ['s'], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: [1, 2] });
  return changed(graph.model(), { opsetImport: [{ domain: '', version: opset }] });
}

test('a folder that cannot be written is said so', async () => {
  const file = path.join(cacheDir, 'file');
  await writeFile(file, '');
  const inFile = path.join(file, 'cache');
  await expect(
    buildVariant({ model: golden('bias'), variant: 'int8-dynamic' }, inFile),
  ).rejects.toMatchObject({
    code: 'results-unwritable',
  });
});

async function written(bytes: Uint8Array): Promise<{ path: string; sha256: string }> {
  const file = path.join(cacheDir, 'model.onnx');
  await writeFile(file, bytes);
  return { path: file, sha256: sha256(bytes) };
}
