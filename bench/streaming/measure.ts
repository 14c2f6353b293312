import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runEvaluation } from './run-evaluation.ts';
import { formats, writeDataset } from './write-dataset.ts';

/**
 * Peak memory and speed of evaluating a dataset of 16 numbers a row end to end (checked, split, predicted by ONNX Runtime,
 * scored) in a fresh process whose heap may grow to 128 MiB.
 *
 *     node bench/streaming/measure.ts [rows ...]
 */
const width = 16;
const heapMegabytes = 128;
const given = process.argv.slice(2).map(Number);

const folder = await mkdtemp(path.join(tmpdir(), 'assay-bench-'));
try {
  for (const format of formats) {
    for (const rows of given.length === 0 ? [1e5, 1e6] : given) {
      const written = await writeDataset(folder, { rows, width, format });
      const file = written.dataset.replace('.dataset.json', '');
      const { size } = await stat(file);
      const { samples, seconds, peakBytes } = await runEvaluation(written, heapMegabytes);
      const figures = [
        `${format.padEnd(8)} ${String(samples).padStart(8)} rows`,
        `${megabytes(size)} MB file`,
        `${megabytes(peakBytes)} MB at most`,
        `${Math.round(samples / seconds)} samples/s`,
      ];
      process.stdout.write(`${figures.join(', ')}\n`);
      await rm(file);
    }
  }
} finally {
  await rm(folder, { recursive: true });
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0).padStart(5);
}
