import { sliceRows, type Tensors } from '../core/tensor.ts';
import type { BatchInvariance } from '../results/schema.ts';
import type { Warning } from '../results/warning-schema.ts';
import type { Infer } from '../tasks/batches.ts';

/** How many samples of a dataset are checked. */
export const checkedSamples = 8;
/** Kernels sum in another order for another batch size: a few units in the last place of float32 are no finding. */
const tolerance = 1e-4;

/** Runs samples one by one and together and compares every output. */
export async function checkBatchInvariance(infer: Infer, inputs: Tensors): Promise<BatchInvariance> {
  const samples = Object.values(inputs)[0]?.shape[0] ?? 0;
  const together = await infer(inputs);
  let largestDifference = 0;
  for (let row = 0; row < samples; row++) {
    const alone = await infer(rowsOf(inputs, row, row + 1));
    largestDifference = Math.max(largestDifference, difference(alone, rowsOf(together, row, row + 1)));
  }
  return { samples, batchSize: samples, largestDifference };
}

function rowsOf(tensors: Tensors, start: number, end: number): Tensors {
  const entries = Object.entries(tensors).map(
    ([name, tensor]) => [name, sliceRows(tensor, start, end)] as const,
  );
  return Object.fromEntries(entries);
}

/** Largest difference of two outputs, relative to max(1, |value|); values that are not numbers are left out. */
function difference(alone: Tensors, together: Tensors): number {
  const differences = Object.entries(alone).flatMap(([name, tensor]) => {
    const other = together[name];
    if (tensor.type !== 'float32' || other?.type !== 'float32') return [];
    return Array.from(
      tensor.data,
      (value, index) => Math.abs(value - (other.data[index] ?? 0)) / Math.max(1, Math.abs(value)),
    );
  });
  return differences.reduce((largest, one) => (one > largest ? one : largest), 0);
}

export function batchDoubt({ samples, largestDifference }: BatchInvariance): Warning[] {
  if (largestDifference <= tolerance) return [];
  return [
    {
      code: 'batch-dependent',
      detail: `Outputs of ${samples} samples differ by up to ${largestDifference.toPrecision(2)} between batch 1 and batch ${samples}.`,
      advice:
        'judge the variant at the batch size you serve; dynamic quantization takes its ranges from the whole batch',
    },
  ];
}
