import { hashOf } from '../core/hash.ts';
import type { Tensors } from '../core/tensor.ts';
import type { OpenDataset } from '../datasets/open.ts';
import type { CalibrationData } from '../models/passes/calibration.ts';

const batchSize = 8;
const mostBatches = 64;

/**
 * What passes calibrate on: up to 512 samples of the training split, in batches of 8 spread evenly over it, since rows often lie
 * sorted by class. The split is streamed; a batch at a time is in memory.
 */
export function calibrationData({ manifest, train }: OpenDataset): CalibrationData {
  const samples = Math.min(train.count, batchSize * mostBatches);
  return {
    description: `${samples} training samples of ${manifest.id}`,
    hash: hashOf({ dataset: manifest, batchSize, mostBatches }),
    batches: () => spread(train),
  };
}

async function* spread(train: OpenDataset['train']): AsyncGenerator<Tensors> {
  const stride = Math.max(1, Math.floor(train.count / (batchSize * mostBatches)));
  let number = 0;
  for await (const { inputs } of train.batches(batchSize)) {
    if (number % stride === 0) yield inputs;
    number++;
    if (number === stride * mostBatches) return;
  }
}
