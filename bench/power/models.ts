import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Tensors } from '../../core/tensor.ts';
import { stackInputs, stackModel } from '../../models/synthetic/stack-model.ts';
import type { Contender } from '../../runners/timing/request.ts';

/**
 * Three sizes of the same network. One layer more is 2 % more work; the smallest has fewer layers, since a fifth of its
 * time is the call itself.
 */
const shapes = {
  '0.1 ms': { layers: 40, width: 64, rows: 1 },
  '1 ms': { layers: 50, width: 128, rows: 24 },
  '10 ms': { layers: 50, width: 256, rows: 96 },
} as const;

export type ModelName = keyof typeof shapes;
export const modelNames = Object.keys(shapes) as ModelName[];

/** A baseline, the same with one layer more, and what to call them with. */
export interface PowerPair {
  contenders: readonly Contender[];
  inputs: Tensors;
}

/** Writes both networks of a size into the folder. */
export async function writePair(name: ModelName, folder: string): Promise<PowerPair> {
  const { layers, width, rows } = shapes[name];
  await mkdir(folder, { recursive: true });
  const write = async (contender: string, depth: number): Promise<Contender> => {
    const file = path.join(folder, `${name.replace(' ', '-')}-${depth}.onnx`);
    await writeFile(file, stackModel({ layers: depth, width, seed: 1 }));
    return { name: contender, artifact: { format: 'onnx', path: file } };
  };
  const contenders = [await write('baseline', layers), await write('one layer more', layers + 1)];
  return { contenders, inputs: { ...stackInputs({ rows, width, seed: 1 }) } };
}
