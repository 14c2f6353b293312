import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runEvaluation } from '../../bench/streaming/run-evaluation.ts';
import { writeDataset } from '../../bench/streaming/write-dataset.ts';

/** Numbers a row; their texts alone take some 500 bytes of heap. */
const width = 16;
/** Node and ONNX Runtime need half of it; the rows of the larger dataset would need more than all of it. */
const heapMegabytes = 40;

test('memory does not grow with the rows of a dataset, but for what is kept of each prediction', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-streaming-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const evaluate = async (rows: number) =>
    runEvaluation(await writeDataset(folder, { rows, width, format: 'csv' }), heapMegabytes);
  const [few, many] = [await evaluate(20_000), await evaluate(80_000)];
  expect([few.samples, many.samples]).toEqual([20_000, 80_000]);
  const bytesARow = (many.peakBytes - few.peakBytes) / (many.samples - few.samples);
  expect(bytesARow).toBeLessThan(500);
}, 120_000);
