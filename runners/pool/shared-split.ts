import { inBatches } from '../../core/in-batches.ts';
import { latestFew } from '../../core/latest-few.ts';
import { firstBatch, type Samples, type SampleStream } from '../../core/samples.ts';
import { sum } from '../../core/statistics/summary.ts';
import type { Tensors } from '../../core/tensor.ts';
import { openDataset } from '../../datasets/open.ts';
import { checkedSamples } from '../batch-invariance.ts';
import type { Lanes } from './lanes.ts';
import { scanInLanes } from './scan-in-lanes.ts';
import { shareColumns, toSharedMemory } from './shared-tensors.ts';

/** Samples a call while quality is evaluated; latency is measured elsewhere. */
export const batchSize = 64;

/** A split that takes at most so many bytes is read once for all cells; a larger one is read again by each. */
const keptBytes = 256 * 2 ** 20;
/** What a row takes besides its inputs: its id, its reference, its share of the objects around a batch. */
const rowBytes = 256;

/** Of the inputs of a portion. */
const portionBytes = 2 ** 20;
const mostBatches = 128;

/** The test split of a dataset, read in portions whose inputs lie in memory that all threads share. */
export interface SharedSplit {
  count: number;
  /** The first samples, for checks. */
  first: Samples;
  /** All samples in order, some whole batches at a time, from the first one at every call. */
  portions: () => AsyncIterable<Samples>;
}

/** Of several suites each is done with its dataset when the next ones begin. */
const split = latestFew<Promise<SharedSplit>>(4);

/** A dataset is checked, split and fitted once, however many cells read it. */
export function sharedSplit(dataset: string, lanes: Lanes, mostBytes = keptBytes): Promise<SharedSplit> {
  return split(dataset, () => openSplit(dataset, lanes, mostBytes));
}

async function openSplit(dataset: string, lanes: Lanes, mostBytes: number): Promise<SharedSplit> {
  const scan = scanInLanes(lanes);
  const { test } = await openDataset(dataset, [], { mostKeptBytes: mostBytes / 4, scan });
  const first = await firstBatch(test, checkedSamples);
  const sampleBytes = bytesOf(first.inputs) / Math.min(checkedSamples, test.count);
  const size = batchSize * batchesAPortion(test.count, sampleBytes, lanes.count);
  const last = 2 * lanes.count * size;
  const read = (): AsyncGenerator<Samples, void> =>
    inQuarters(shared(test.batches(size)), { from: test.count - last, size });
  const isKept = (sampleBytes + rowBytes) * test.count <= mostBytes;
  return { count: test.count, first, portions: isKept ? readOnce(read()) : read };
}

/** Enough batches to be worth a message, and few enough that every lane gets several and none waits long for the last one. */
function batchesAPortion(samples: number, sampleBytes: number, lanes: number): number {
  const fair = Math.ceil(samples / batchSize / (8 * lanes));
  return Math.max(1, Math.min(mostBatches, fair, Math.floor(portionBytes / (batchSize * sampleBytes))));
}

async function* shared(portions: ReturnType<SampleStream['batches']>): AsyncGenerator<Samples, void> {
  for await (const portion of portions) {
    const { inputs, references } = portion;
    yield {
      ...shareColumns(portion),
      inputs: toSharedMemory(inputs),
      references: shareColumns(references),
    };
  }
}

/** Portions from some sample on in quarters of whole batches, so that no lane waits long for the last one of another. */
async function* inQuarters(
  portions: AsyncIterable<Samples>,
  { from, size }: { from: number; size: number },
): AsyncGenerator<Samples, void> {
  const quarter = batchSize * Math.ceil(size / batchSize / 4);
  let before = 0;
  for await (const portion of portions) {
    yield* inBatches(portion, before < from ? size : quarter);
    before += portion.ids.length;
  }
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
  return sum(
    Object.values(tensors).map(({ data }) => ('byteLength' in data ? data.byteLength : textBytes(data))),
  );
}

/** Two a character, however a text is kept. */
function textBytes(texts: readonly string[]): number {
  return 2 * sum(texts.map((text) => text.length));
}
