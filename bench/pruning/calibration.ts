import { sliceRows, type Tensors } from '../../core/tensor.ts';
import type { Samples } from '../../core/samples.ts';
import { startCalibration, type Calibration } from '../../models/passes/calibration.ts';

/** Batches of up to 64 training samples; sentences only with others of their length, so that no padding counts. */
export function calibrationOf(samples: Samples, input: string, limit: number): Calibration {
  const batches =
    samples.references.kind === 'tokens'
      ? sentenceBatches(samples, input, limit)
      : rowBatches(samples, limit);
  return startCalibration({
    description: `${Math.min(limit, samples.ids.length)} training samples`,
    hash: 'none: nothing is kept',
    // eslint-disable-next-line @typescript-eslint/require-await -- the contract is asynchronous
    batches: async function* () {
      yield* batches;
    },
  });
}

const batchRows = 64;

function rowBatches({ inputs, ids }: Samples, limit: number): Tensors[] {
  const rows = Math.min(limit, ids.length);
  const starts = Array.from({ length: Math.ceil(rows / batchRows) }, (_, batch) => batch * batchRows);
  return starts.map((start) => {
    const cut = (tensor: Tensors[string]): Tensors[string] =>
      sliceRows(tensor, start, Math.min(rows, start + batchRows));
    return Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, cut(tensor)]));
  });
}

function sentenceBatches({ references }: Samples, input: string, limit: number): Tensors[] {
  if (references.kind !== 'tokens') return [];
  const { ids, lengths } = references;
  const context = ids.length / lengths.length;
  const byLength = new Map<number, number[]>();
  for (const [row, length] of lengths.subarray(0, limit).entries()) {
    byLength.set(length, [...(byLength.get(length) ?? []), row]);
  }
  return [...byLength].map(([length, rows]) => {
    const tokens = rows.flatMap((row) => [...ids.subarray(row * context, row * context + length)]);
    return {
      [input]: { type: 'int64', shape: [rows.length, length], data: BigInt64Array.from(tokens, BigInt) },
    };
  });
}
