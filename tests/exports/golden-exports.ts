import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { packageRoot } from '../../core/package-root.ts';
import type { Tensor, Tensors } from '../../core/tensor.ts';

const folder = path.join(packageRoot, 'tests/golden/exports');

const tensorSchema = z.object({
  type: z.enum(['float32', 'float64', 'int32', 'int64', 'bool', 'string']),
  shape: z.array(z.int()),
  data: z.array(z.union([z.number(), z.string(), z.boolean(), z.null()])),
});
const goldenSchema = z.object({
  /** From the folder of golden files. */
  file: z.string(),
  classes: z.array(z.string()).nullable(),
  inputs: z.record(z.string(), tensorSchema),
  outputs: z.record(z.string(), tensorSchema),
});

/** A model as a framework exported it, and what the framework itself gives for some rows. */
export interface GoldenExport {
  name: string;
  path: string;
  /** In the order of the scores; null where the model is no classifier. */
  classes: readonly string[] | null;
  inputs: Tensors;
  outputs: Tensors;
}

export const goldenExports: readonly GoldenExport[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => {
    const name = path.basename(file, '.json');
    const {
      file: model,
      classes,
      inputs,
      outputs,
    } = goldenSchema.parse(JSON.parse(readFileSync(path.join(folder, file), 'utf8')));
    return {
      name,
      path: path.join(folder, model),
      classes,
      inputs: tensorsOf(inputs),
      outputs: tensorsOf(outputs),
    };
  });

export function goldenExport(name: string): GoldenExport {
  const found = goldenExports.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no golden export ${name}`);
  return found;
}

function tensorsOf(given: Readonly<Record<string, z.output<typeof tensorSchema>>>): Tensors {
  return Object.fromEntries(Object.entries(given).map(([name, tensor]) => [name, tensorOf(tensor)]));
}

/** A missing number is null in JSON. */
function tensorOf({ type, shape, data }: z.output<typeof tensorSchema>): Tensor {
  const numbers = (): number[] => data.map((value) => (value === null ? Number.NaN : Number(value)));
  switch (type) {
    case 'float32':
      return { type, shape, data: Float32Array.from(numbers()) };
    case 'float64':
      return { type, shape, data: Float64Array.from(numbers()) };
    case 'int32':
      return { type, shape, data: Int32Array.from(numbers()) };
    case 'int64':
      return { type, shape, data: BigInt64Array.from(numbers(), BigInt) };
    case 'bool':
      return { type, shape, data: Uint8Array.from(numbers()) };
    case 'string':
      return { type, shape, data: data.map(String) };
  }
}
