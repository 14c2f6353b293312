import { sliceRows, type Tensors } from '../core/tensor.ts';
import type { BatchInvariance } from '../results/quality-schema.ts';
import type { Warning } from '../results/warning-schema.ts';
import type { Infer } from '../tasks/batches.ts';
import { differenceInWords, outputDifference } from './output-difference.ts';

/** How many samples of a dataset are checked. */
export const checkedSamples = 8;
/** Kernels sum in another order for another batch size: a few units in the last place of float32 are no finding. */
const tolerance = 1e-4;

/** Runs samples one by one and together and compares every output, of any type, that has a row for each of them. */
export async function checkBatchInvariance(infer: Infer, inputs: Tensors): Promise<BatchInvariance> {
  const samples = Object.values(inputs)[0]?.shape[0] ?? 0;
  const together = await infer(inputs);
  let largestDifference = 0;
  for (let row = 0; row < samples; row++) {
    const alone = await infer(rowsOf(inputs, row, row + 1));
    const names = namesByRow(together, samples).filter((name) => (alone[name]?.shape[0] ?? 1) === 1);
    const apart = outputDifference(pick(alone, names), rowsOf(pick(together, names), row, row + 1));
    largestDifference = Math.max(largestDifference, apart);
  }
  const told = Number.isFinite(largestDifference) ? largestDifference : null;
  return { samples, batchSize: samples, largestDifference: told };
}

function namesByRow(tensors: Tensors, rows: number): string[] {
  return Object.keys(tensors).filter((name) => tensors[name]?.shape[0] === rows);
}

function pick(tensors: Tensors, names: readonly string[]): Tensors {
  return Object.fromEntries(Object.entries(tensors).filter(([name]) => names.includes(name)));
}

function rowsOf(tensors: Tensors, start: number, end: number): Tensors {
  const entries = Object.entries(tensors).map(
    ([name, tensor]) => [name, sliceRows(tensor, start, end)] as const,
  );
  return Object.fromEntries(entries);
}

/** What a doubt says of outputs that depend on their batch. */
export function batchDoubt({ samples, largestDifference }: BatchInvariance): Warning[] {
  if (largestDifference !== null && largestDifference <= tolerance) return [];
  const apart = differenceInWords(largestDifference);
  return [
    {
      code: 'batch-dependent',
      detail: `Outputs of ${samples} samples differ by ${apart} between batch 1 and batch ${samples}.`,
      advice:
        'judge the variant at the batch size you serve; dynamic quantization takes its ranges from the whole batch',
    },
  ];
}
