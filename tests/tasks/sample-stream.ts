import type { Samples, SampleStream } from '../../core/samples.ts';
import { inBatches } from '../../core/in-batches.ts';

/** Samples that are in memory, batch by batch. */
export function streamOf(samples: Samples): SampleStream {
  return { count: samples.ids.length, batches: (size) => inBatches(samples, size) };
}
