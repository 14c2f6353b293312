import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { packageRoot } from '../../core/package-root.ts';
import { createRandom, type Random } from '../../core/random.ts';
import { resnet } from '../../models/architectures/convolutional.ts';
import { buildGraph } from '../../models/onnx/builder.ts';
import { encodeModel } from '../../models/onnx/write.ts';
import { openDataset } from '../../datasets/open.ts';
import type { Workload } from './workload.ts';

const regressionMetrics = ['mse', 'mae', 'r2'];
const classMetrics = ['accuracy', 'f1-macro', 'log-loss'];

/**
 * Writes datasets and models: images through a small CNN, a long table through a small MLP, a table through a deep one, and, where a
 * model takes most of the time as those that people compress do, images through ResNet-50.
 */
export async function writeWorkloads(folder: string): Promise<Workload[]> {
  await mkdir(folder, { recursive: true });
  return [
    await digits(folder, 20_000),
    await table(folder, { name: 'long table', rows: 200_000, layers: [16, 64, 64, 3] }),
    await table(folder, { name: 'deep network', rows: 20_000, layers: [128, 512, 512, 512, 512, 1] }),
    await photographs(folder, 1500),
  ];
}

/** The digits over and over. */
async function digits(folder: string, rows: number): Promise<Workload> {
  const { references, inputs } = await (await openDataset('digits')).collect('test');
  const pixels = inputs.image;
  if (references.kind !== 'classes' || pixels?.type !== 'float32') throw new Error('internal: no digits');
  const { indices, labels } = references;
  const lines = function* (): Generator<number[], void> {
    for (let row = 0; row < rows; row++) {
      const image = row % indices.length;
      const values = Array.from(pixels.data.subarray(image * 64, (image + 1) * 64), (value) => value * 16);
      yield [...values, indices[image] ?? 0];
    }
  };
  const model = path.join(packageRoot, 'models/catalog/digits-cnn/model.onnx');
  const workload = { name: 'digits', shape: [1, 8, 8], divideBy: 16, model, classes: labels.length };
  return write(folder, workload, lines());
}

/** Pixels and classes drawn by seed, and the network at full size with weights drawn by seed: of the figures only the time is of use. */
async function photographs(folder: string, rows: number): Promise<Workload> {
  const [image, classes] = [32, 10];
  const random = createRandom(3);
  const lines = function* (): Generator<number[], void> {
    for (let row = 0; row < rows; row++)
      yield [...Array.from({ length: 3 * image ** 2 }, () => random.below(256)), random.below(classes)];
  };
  const model = path.join(folder, 'photographs.onnx');
  await writeFile(model, encodeModel(resnet(4, { image, width: 64, blocks: [3, 4, 6, 3], classes })));
  const described = { name: 'photographs', shape: [3, image, image], divideBy: 255, model, classes };
  return write(folder, { ...described, scores: 'logits' }, lines());
}

interface TableShape {
  name: string;
  rows: number;
  /** Widths of an MLP, from its features to its classes; one at the end is regression. */
  layers: readonly number[];
}

async function table(folder: string, { name, rows, layers }: TableShape): Promise<Workload> {
  const random = createRandom(1);
  const [features = 1, classes = 1] = [layers[0], layers.at(-1)];
  const lines = function* (): Generator<number[], void> {
    for (let row = 0; row < rows; row++) {
      const values = Array.from({ length: features }, () => Math.round(random.next() * 1000) / 1000);
      yield [...values, classes === 1 ? Math.round(random.next() * 1000) / 1000 : random.below(classes)];
    }
  };
  const model = path.join(folder, `${name.replace(' ', '-')}.onnx`);
  await writeFile(model, mlp(layers, createRandom(2)));
  return write(folder, { name, shape: [features], divideBy: 1, model, classes }, lines());
}

function mlp(layers: readonly number[], random: Random): Uint8Array {
  const graph = buildGraph('mlp');
  let value = graph.input('x', { type: 'float32', shape: ['batch', layers[0] ?? 1] });
  for (const [index, width] of layers.slice(1).entries()) {
    const height = layers[index] ?? 1;
    const data = Float32Array.from({ length: height * width }, () => random.normal() / Math.sqrt(height));
    const weight = graph.initializer(`w${index}`, { type: 'float32', shape: [height, width], data });
    const product = graph.node('MatMul', [value, weight]);
    value = index === layers.length - 2 ? product : graph.node('Relu', [product]);
  }
  const classes = layers.at(-1) ?? 1;
  graph.node(classes === 1 ? 'Identity' : 'Softmax', [value], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', classes] });
  return encodeModel(graph.model());
}

interface Described extends Pick<Workload, 'name' | 'shape' | 'divideBy' | 'model'> {
  classes: number;
  /** What the model puts out for each class. */
  scores?: 'probabilities' | 'logits';
}

async function write(folder: string, described: Described, lines: Iterable<number[]>): Promise<Workload> {
  const { classes, name, shape, divideBy, model, scores = 'probabilities' } = described;
  const csv = path.join(folder, `${name.replace(' ', '-')}.csv`);
  const columns = Array.from({ length: shape.reduce((all, size) => all * size, 1) }, (_, at) => `x${at}`);
  const header = `${[...columns, 'y'].join(',')}\n`;
  const texts = function* (): Generator<string, void> {
    yield header;
    for (const line of lines) yield `${line.join(',')}\n`;
  };
  await pipeline(Readable.from(texts()), createWriteStream(csv));
  const dataset = csv.replace('.csv', '.dataset.json');
  await writeFile(dataset, JSON.stringify(await manifestOf(csv, { ...described, columns })));
  const isRegression = classes === 1;
  const task = isRegression
    ? ({ kind: 'regression' } as const)
    : ({ kind: 'classification', scores } as const);
  const metrics = isRegression ? regressionMetrics : classMetrics;
  return { name, shape, divideBy, csv, dataset, model, task, metrics };
}

async function manifestOf(
  csv: string,
  { classes, divideBy, shape, columns }: Described & { columns: readonly string[] },
): Promise<object> {
  const bytes = await readFile(csv);
  const names = Array.from({ length: classes }, (_, at) => ({ value: String(at), label: String(at) }));
  const target =
    classes === 1 ? { kind: 'value', column: 'y', unit: '' } : { kind: 'class', column: 'y', classes: names };
  const scaling = divideBy === 1 ? 'none' : { divideBy };
  return {
    ...{ id: 'workload', title: 'Workload', description: '', source: 'generated', licence: 'MIT' },
    origin: { kind: 'file', path: path.basename(csv) },
    sha256: createHash('sha256').update(bytes).digest('hex'),
    sizeBytes: bytes.length,
    format: { kind: 'csv' },
    missing: { features: 'error', label: 'error' },
    inputs: [{ kind: 'features', name: 'x', shape, features: [{ kind: 'number', columns, scaling }] }],
    target,
    split: { seed: 1, testShare: 1, stratify: false },
  };
}
