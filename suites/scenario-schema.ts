import * as z from 'zod';

const durationSeconds = z
  .number()
  .positive()
  .max(86_400)
  .nullable()
  .default(null)
  .describe('how long to measure; MLPerf asks for 600; null leaves it to the form of the run');

/** Doubling shows where the gain ends. */
const usualBatchSizes = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** How load arrives. The first four are MLPerf Inference's. */
export const scenarioSchema = z.discriminatedUnion('kind', [
  z
    .strictObject({ kind: z.literal('single-stream'), durationSeconds })
    .describe('one sample after another; percentiles of latency'),
  z
    .strictObject({
      kind: z.literal('multi-stream'),
      durationSeconds,
      samplesPerQuery: z.int().min(2).max(4096).default(8).describe('samples that arrive together'),
    })
    .describe('one query of several samples after another; percentiles of latency'),
  z
    .strictObject({
      kind: z.literal('offline'),
      durationSeconds,
      batchSizes: z.array(z.int().min(1).max(4096)).min(1).max(32).default(usualBatchSizes),
    })
    .describe('all samples are there at once; throughput over batch sizes'),
  z
    .strictObject({
      kind: z.literal('server'),
      durationSeconds,
      latencyBoundMs: z.number().positive().describe('from the arrival of a query to its answer'),
      probability: z.number().min(0.5).max(0.999).default(0.99).describe('share of queries within the bound'),
      workers: z.int().min(1).max(256).default(1).describe('sessions that serve queries, a thread each'),
    })
    .describe('Poisson arrivals; the highest rate that meets a latency bound'),
  z
    .strictObject({
      kind: z.literal('thread-sweep'),
      durationSeconds,
      threads: z
        .array(z.int().min(1).max(256))
        .min(1)
        .max(32)
        .nullable()
        .default(null)
        .describe('intra-op threads; null for powers of two up to the cores of the machine'),
    })
    .describe('latency over intra-op threads, at the batch size of `timing`'),
]);

export type Scenario = z.output<typeof scenarioSchema>;
