import { firstBatch, type Samples } from '../../core/samples.ts';
import { sum } from '../../core/statistics/summary.ts';
import type { Tensors } from '../../core/tensor.ts';
import { openDataset } from '../../datasets/open.ts';
import { checkedSamples } from '../batch-invariance.ts';
import type { Lanes } from './lanes.ts';
import { scanInLanes } from './scan-in-lanes.ts';
import { toSharedMemory } from './shared-tensors.ts';

/** Samples a call while quality is evaluated; latency is measured elsewhere. */
export const batchSize = 64;

/** A split that takes at most so many bytes is read once for all cells; a larger one is read again by each. */
const keptBytes = 256 * 2 ** 20;
/** What a row takes besides its inputs: its id, its reference, its share of the objects around a batch. */
const rowBytes = 256;

/** The test split of a dataset in batches whose inputs lie in memory that all threads share. */
export interface SharedSplit {
  count: number;
  /** Inputs of the first samples, for checks. */
  first: Tensors;
  /** Of the inputs of one batch. */
  batchBytes: number;
  /** All batches in order, from the first one at every call. */
  batches: () => AsyncIterable<Samples>;
}

const splits = new Map<string, Promise<SharedSplit>>();

/** A dataset is checked, split and fitted once, however many cells read it. */
export function sharedSplit(dataset: string, lanes: Lanes, mostBytes = keptBytes): Promise<SharedSplit> {
  const known = splits.get(dataset) ?? openSplit(dataset, lanes, mostBytes);
  splits.set(dataset, known);
  return known;
}

async function openSplit(dataset: string, lanes: Lanes, mostBytes: number): Promise<SharedSplit> {
  const scan = scanInLanes(lanes);
  const { test } = await openDataset(dataset, [], { mostKeptBytes: mostBytes / 4, scan });
  const { inputs } = await firstBatch(test, checkedSamples);
  const batchBytes = Math.ceil((bytesOf(inputs) / Math.min(checkedSamples, test.count)) * batchSize);
  const read = (): AsyncGenerator<Samples, void> => shared(test.batches(batchSize));
  const isKept = (batchBytes / batchSize + rowBytes) * test.count <= mostBytes;
  return { count: test.count, first: inputs, batchBytes, batches: isKept ? readOnce(read()) : read };
}

async function* shared(batches: AsyncIterable<Samples>): AsyncGenerator<Samples, void> {
  for await (const batch of batches) yield { ...batch, inputs: toSharedMemory(batch.inputs) };
}

/** What one reader has taken from the source is there for all; any of them takes the next one. */
function readOnce<Item>(source: AsyncIterator<Item, void>): () => AsyncGenerator<Item, void> {
  const taken: Promise<IteratorResult<Item, void>>[] = [];
  return async function* () {
    for (let index = 0; ; index++) {
      const { done, value } = await (taken[index] ??= source.next());
      if (done === true) return;
      yield value;
    }
  };
}

function bytesOf(tensors: Tensors): number {
  return sum(Object.values(tensors).map(({ data }) => ('byteLength' in data ? data.byteLength : 0)));
}
