import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Tensors } from '../../core/tensor.ts';
import { stackInputs, stackModel } from '../../models/synthetic/stack-model.ts';
import { stackSizes, type StackSize } from '../../models/synthetic/stack-sizes.ts';
import type { Contender } from '../../runners/timing/request.ts';

export type ModelName = StackSize;
export const modelNames = Object.keys(stackSizes) as ModelName[];

/** A baseline, the same with one layer more, and what to call them with. */
export interface PowerPair {
  contenders: readonly Contender[];
  inputs: Tensors;
}

/** Writes both networks of a size into the folder. */
export async function writePair(name: ModelName, folder: string): Promise<PowerPair> {
  const { layers, width, rows } = stackSizes[name];
  await mkdir(folder, { recursive: true });
  const write = async (contender: string, depth: number): Promise<Contender> => {
    const file = path.join(folder, `${name.replace(' ', '-')}-${depth}.onnx`);
    await writeFile(file, stackModel({ layers: depth, width, seed: 1 }));
    return { name: contender, artifact: { format: 'onnx', path: file } };
  };
  const contenders = [await write('baseline', layers), await write('one layer more', layers + 1)];
  return { contenders, inputs: { ...stackInputs({ rows, width, seed: 1 }) } };
}
