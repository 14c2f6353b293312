import { execFile } from 'node:child_process';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { packageRoot } from '../../core/package-root.ts';
import { createRandom } from '../../core/random.ts';
import { buildGraph } from '../../models/onnx/builder.ts';
import { isOutside, readStretch, stretchOf, withStretch } from '../../models/onnx/external-data.ts';
import { mapTensors } from '../../models/onnx/map-tensors.ts';
import { changed, numberOf, type OnnxModel, type OnnxTensor } from '../../models/onnx/model.ts';
import { decodeModelFile, readModelBytes } from '../../models/onnx/read.ts';
import { saveModel } from '../../models/onnx/save.ts';
import { encodeModel } from '../../models/onnx/write.ts';
import { applyPasses, type Applied } from '../../models/passes/apply.ts';
import { parseVariant, stepsOn } from '../../models/variant.ts';
import { storedTensors } from '../../models/onnx/stored-tensors.ts';

const variants = [
  'int8-dynamic',
  'int4-weights',
  'fp16',
  'prune-2-of-4',
  'prune-neurons-50-plain',
  'prune-magnitude-50+int8-dynamic',
];

const width = 1024;
const weightBytes = 4 * width ** 2;

test(
  'a variant of a model with its weights in another file takes memory for a few of them, not for all',
  { timeout: 240_000 },
  async () => {
    const folder = await newFolder();
    const [few, many] = [await peakOf(folder, 2), await peakOf(folder, 66)];
    // The 64 further weights have 256 MiB; what is read is given back a while later.
    expect(many - few).toBeLessThan(128 * 2 ** 20);
  },
);

test.for(variants)('as %s, no tensor that is worth it is kept in memory', async (variant) => {
  const folder = await newFolder();
  await writeOutside(path.join(folder, 'model.onnx'), 2);
  const source = await read(path.join(folder, 'model.onnx'));
  const { model } = await apply(source, variant);
  const kept = [...storedTensors(model)].filter((tensor) => !isOutside(tensor));
  expect(kept.reduce((sum, tensor) => sum + tensor.rawData.length, 0)).toBeLessThan(weightBytes / 16);
});

test.for([...variants, 'int8-weights-hqq', 'prune-magnitude-50-per-tensor'])(
  'what is made as it is written has the bytes of what is made in memory, as %s',
  async (variant) => {
    const folder = await newFolder();
    const inside = products(3, 64);
    await saveModel(inside, path.join(folder, 'split.onnx'), { inlineBytes: 0 });
    const [expected, found] = [
      await apply(inside, variant),
      await apply(await read(path.join(folder, 'split.onnx')), variant),
    ];
    expect(found.lineage).toEqual(expected.lineage);
    await saveModel(found.model, path.join(folder, 'made.onnx'));
    const made = await read(path.join(folder, 'made.onnx'));
    expect([...storedTensors(made)].map(bytesOf)).toEqual([...storedTensors(expected.model)].map(bytesOf));
  },
);

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-build-memory-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

async function apply(model: OnnxModel, variant: string): Promise<Applied<OnnxModel>> {
  const applied = await applyPasses(model, stepsOn(parseVariant(variant), 'onnx') ?? [], undefined);
  if ('reason' in applied) throw new Error(applied.reason);
  return applied;
}

/** Peak resident bytes of a process that makes a variant, by two passes, of a model of so many weights. */
async function peakOf(folder: string, layers: number): Promise<number> {
  const file = path.join(folder, `${layers}.onnx`);
  await writeOutside(file, layers);
  const script = `
    import { buildVariant } from './models/build.ts';
    import { sha256 } from './core/hash.ts';
    import { readFile } from 'node:fs/promises';
    const model = { path: ${JSON.stringify(file)}, sha256: sha256(await readFile(${JSON.stringify(file)})) };
    const variant = 'prune-magnitude-50+int8-dynamic';
    const outcome = await buildVariant({ model, variant, gzip: false }, ${JSON.stringify(path.join(folder, 'cache'))});
    if (outcome.status !== 'built') throw new Error(outcome.reason);
    console.log(process.resourceUsage().maxRSS * 1024);`;
  const args = ['--input-type=module', '--eval', script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: packageRoot });
  return Number(stdout);
}

/** The same weights, which are random, in every layer: what counts is that there are many. */
async function writeOutside(file: string, layers: number): Promise<void> {
  const random = createRandom(9);
  const weight = Float32Array.from({ length: width ** 2 }, () => random.next() - 0.5);
  const data = await open(`${file}.data`, 'w');
  for (let layer = 0; layer < layers; layer++)
    await data.write(new Uint8Array(weight.buffer), 0, weightBytes, layer * weightBytes);
  await data.close();
  const model = mapTensors(products(layers, 1), (tensor) => {
    const stretch = { file: path.basename(`${file}.data`), length: weightBytes };
    const sized = changed(tensor, { dims: [width, width] });
    return withStretch(sized, { ...stretch, offset: Number(tensor.name.slice(1)) * weightBytes });
  });
  await writeFile(file, encodeModel(model));
}

function products(layers: number, size: number): OnnxModel {
  const random = createRandom(4);
  const graph = buildGraph('products');
  let value = graph.input('x', { type: 'float32', shape: ['batch', 'size'] });
  for (let layer = 0; layer < layers; layer++) {
    const data = Float32Array.from({ length: size ** 2 }, () => random.normal());
    const weight = graph.initializer(`w${layer}`, { type: 'float32', shape: [size, size], data });
    const product = graph.node('MatMul', [value, weight]);
    value = graph.node('Relu', [product], layer === layers - 1 ? { outputs: ['y'] } : {});
  }
  graph.output('y', { type: 'float32', shape: ['batch', 'last'] });
  return graph.model();
}

async function read(file: string): Promise<OnnxModel> {
  return decodeModelFile(await readModelBytes(file), file);
}

function bytesOf(tensor: OnnxTensor): { name: string; dims: number[]; bytes: Buffer } {
  const stretch = stretchOf(tensor);
  const bytes = stretch === null ? tensor.rawData : readStretch(stretch);
  return { name: tensor.name, dims: tensor.dims.map(numberOf), bytes: Buffer.from(bytes) };
}
