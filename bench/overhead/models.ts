import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stackInputs, stackModel } from '../../models/synthetic/stack-model.ts';

/** A model to be called, and for how long in each block. */
interface ModelSize {
  name: string;
  layers: number;
  width: number;
  rows: number;
  blockMs: number;
}

/** A model on disk with its input, raw float32 of [rows, width]. */
export interface StoredModel extends ModelSize {
  /** Its place on the command line of a loop. */
  number: number;
  modelPath: string;
  inputPath: string;
}

/** Named by about how long a call takes on one thread of a recent server; the first is as good as nothing. */
const sizes: readonly ModelSize[] = [
  { name: 'one value', layers: 1, width: 1, rows: 1, blockMs: 60 },
  { name: '20 µs', layers: 3, width: 128, rows: 4, blockMs: 100 },
  { name: '100 µs', layers: 19, width: 128, rows: 8, blockMs: 100 },
  { name: '1 ms', layers: 46, width: 256, rows: 8, blockMs: 150 },
  { name: '20 ms', layers: 20, width: 512, rows: 64, blockMs: 600 },
];

/** Writes every model and its input into the folder. */
export async function writeModels(folder: string): Promise<StoredModel[]> {
  return Promise.all(sizes.map((size, number) => writeModel(folder, { ...size, number })));
}

async function writeModel(
  folder: string,
  size: ModelSize & Pick<StoredModel, 'number'>,
): Promise<StoredModel> {
  const [modelPath, inputPath] = ['onnx', 'bin'].map((ending) =>
    path.join(folder, `${size.number}.${ending}`),
  ) as [string, string];
  const { data } = stackInputs({ rows: size.rows, width: size.width, seed: 2 }).x;
  await writeFile(modelPath, stackModel({ layers: size.layers, width: size.width, seed: 1 }));
  await writeFile(inputPath, new Uint8Array((data as Float32Array).buffer));
  return { ...size, modelPath, inputPath };
}
