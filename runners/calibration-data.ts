import { AssayError } from '../core/errors.ts';
import { hashOf } from '../core/hash.ts';
import type { Samples } from '../core/samples.ts';
import type { Tensors } from '../core/tensor.ts';
import type { OpenDataset } from '../datasets/open.ts';
import type { CalibrationData } from '../models/passes/calibration.ts';
import { unpadded } from './unpadded.ts';

const batchSize = 8;
const mostBatches = 64;

/**
 * What passes calibrate on: up to 512 samples of the training split, in batches of 8 spread evenly over it, since rows often lie
 * sorted by class. The split is streamed; a batch at a time is in memory, of tokens one for each length. Batches of an empty split
 * throw `dataset-invalid`.
 */
export function calibrationData({ manifest, train }: OpenDataset): CalibrationData {
  const samples = Math.min(train.count, batchSize * mostBatches);
  const description = `${samples} training samples of ${manifest.id}`;
  const settings = { dataset: manifest, batchSize, mostBatches };
  const samplesOf = (): AsyncIterable<Samples> => {
    requireSamples({ manifest, train });
    return spread(train);
  };
  const batches = (): AsyncIterable<Tensors> => inputsOf(samplesOf());
  if (manifest.target.kind !== 'tokens') return { description, hash: hashOf(settings), batches };
  const hash = hashOf({ ...settings, isUnpadded: true });
  return { description, hash, batches, unpadded: () => unpadded(samplesOf(), batchSize) };
}

function requireSamples(dataset: Pick<OpenDataset, 'manifest' | 'train'>): void {
  const missing = missingSamples(dataset);
  if (missing !== null) throw missing;
}

/** Of a dataset whose training split is empty, an error that says so; null of any other. */
export function missingSamples({
  manifest: { id, split },
  train,
}: Pick<OpenDataset, 'manifest' | 'train'>): AssayError | null {
  if (train.count > 0) return null;
  const message = `Dataset ${id} has no training samples to calibrate on: of its rows a share of ${split.testShare} is for tests.`;
  return new AssayError('dataset-invalid', message, {
    hint: 'Give a smaller "testShare" in its "split", or take variants that need no data.',
  });
}

async function* inputsOf(samples: AsyncIterable<Samples>): AsyncGenerator<Tensors> {
  for await (const { inputs } of samples) yield inputs;
}

async function* spread(train: OpenDataset['train']): AsyncGenerator<Samples> {
  const stride = Math.max(1, Math.floor(train.count / (batchSize * mostBatches)));
  let number = 0;
  for await (const batch of train.batches(batchSize)) {
    if (number % stride === 0) yield batch;
    number++;
    if (number === stride * mostBatches) return;
  }
}
