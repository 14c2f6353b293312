import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { createRandom, type Random } from '../../core/random.ts';
import { buildGraph } from '../../models/onnx/builder.ts';
import { encodeModel } from '../../models/onnx/write.ts';

export const formats = ['csv', 'csv.gz', 'jsonl', 'parquet'] as const;
export type FormatName = (typeof formats)[number];

export interface DatasetShape {
  rows: number;
  /** Numbers a row, besides the one to predict. */
  width: number;
  format: FormatName;
}

const modelFile = 'sum.onnx';
const chunkRows = 4096;

/** Writes rows of random numbers, what they sum up to, and a model that sums them up; gives the paths of manifest and model. */
export async function writeDataset(
  folder: string,
  shape: DatasetShape,
): Promise<{ dataset: string; model: string }> {
  const file = `rows-${shape.rows}.${shape.format}`;
  await writers[shape.format](path.join(folder, file), shape);
  const [dataset, model] = [path.join(folder, `${file}.dataset.json`), path.join(folder, modelFile)];
  await writeFile(dataset, JSON.stringify(await manifestOf(folder, file, shape)));
  await writeFile(model, sumModel(shape.width));
  return { dataset, model };
}

type Write = (file: string, shape: DatasetShape) => Promise<void>;

const writers = {
  csv: (file, shape) => pipeline(Readable.from(csvChunks(shape)), createWriteStream(file)),
  'csv.gz': (file, shape) =>
    pipeline(Readable.from(csvChunks(shape)), createGzip({ level: 1 }), createWriteStream(file)),
  jsonl: (file, shape) => pipeline(Readable.from(jsonChunks(shape)), createWriteStream(file)),
  parquet: writeParquet,
} satisfies Record<FormatName, Write>;

function* csvChunks(shape: DatasetShape): Generator<string, void> {
  yield `${[...columnNames(shape), 'y'].join(',')}\n`;
  for (const rows of rowChunks(shape)) yield rows.map((row) => `${row.join(',')}\n`).join('');
}

function* jsonChunks(shape: DatasetShape): Generator<string, void> {
  const names = [...columnNames(shape), 'y'];
  for (const rows of rowChunks(shape)) {
    const objects = rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])));
    yield objects.map((one) => `${JSON.stringify(one)}\n`).join('');
  }
}

async function writeParquet(file: string, shape: DatasetShape): Promise<void> {
  const columns = [...columnNames(shape), 'y'].map((name) => ({ name, data: new Float64Array(shape.rows) }));
  let start = 0;
  for (const rows of rowChunks(shape)) {
    for (const row of rows) {
      for (const [index, value] of row.entries()) columns[index]?.data.fill(value, start, start + 1);
      start++;
    }
  }
  const columnData = columns.map((column) => ({ ...column, type: 'DOUBLE' as const }));
  await writeFile(file, new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 2 ** 16 })));
}

/** Rows of numbers with three decimals, and after them their sum with noise. */
function* rowChunks({ rows, width }: DatasetShape): Generator<number[][], void> {
  const random = createRandom(1);
  for (let start = 0; start < rows; start += chunkRows) {
    yield Array.from({ length: Math.min(chunkRows, rows - start) }, () => drawRow(random, width));
  }
}

function drawRow(random: Random, width: number): number[] {
  const numbers = Array.from({ length: width }, () => Math.round(random.next() * 1000) / 1000);
  const sum = numbers.reduce((total, one) => total + one, 0);
  return [...numbers, Math.round((sum + random.next()) * 1000) / 1000];
}

function columnNames({ width }: DatasetShape): string[] {
  return Array.from({ length: width }, (_, index) => `x${index}`);
}

async function manifestOf(folder: string, file: string, shape: DatasetShape): Promise<object> {
  const bytes = await readFile(path.join(folder, file));
  const columns = columnNames(shape);
  return {
    ...{
      id: 'rows',
      title: 'Rows',
      description: 'Numbers and their sum.',
      source: 'generated',
      licence: 'MIT',
    },
    origin: { kind: 'file', path: file },
    sha256: createHash('sha256').update(bytes).digest('hex'),
    sizeBytes: bytes.length,
    format: formatOf(shape.format),
    missing: { features: 'error', label: 'error' },
    inputs: [{ kind: 'features', name: 'x', features: [{ kind: 'number', columns, scaling: 'none' }] }],
    target: { kind: 'value', column: 'y', unit: '' },
    split: { seed: 1, testShare: 1, stratify: false },
  };
}

function formatOf(format: FormatName): object {
  return format === 'csv.gz' ? { kind: 'csv', gzip: true } : { kind: format };
}

function sumModel(width: number): Uint8Array {
  const graph = buildGraph('sum');
  const x = graph.input('x', { type: 'float32', shape: ['batch', width] });
  const ones = new Float32Array(width).fill(1);
  const w = graph.initializer('w', { type: 'float32', shape: [width, 1], data: ones });
  graph.node('MatMul', [x, w], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 1] });
  return encodeModel(graph.model());
}
