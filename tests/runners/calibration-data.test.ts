import { expect, test } from 'vitest';
import type { Tensors } from '../../core/tensor.ts';
import { openDataset } from '../../datasets/open.ts';
import { calibrationData } from '../../runners/calibration-data.ts';

test('calibration takes 512 samples of the training split, spread over it, and the same ones each time', async () => {
  const dataset = await openDataset('digits');
  const data = calibrationData(dataset);
  const [first, again] = [await Array.fromAsync(data.batches()), await Array.fromAsync(data.batches())];
  expect(first.length).toBe(64);
  expect(first).toEqual(again);
  expect(data.description).toBe('512 training samples of digits');
  const [name = ''] = Object.keys(first[0] ?? {});
  const { inputs } = await dataset.collect('train');
  const last = (first.at(-1)?.[name]?.data ?? []) as Float32Array;
  const rows = (inputs[name]?.data ?? []) as Float32Array;
  const size = rows.length / dataset.train.count;
  const start = 63 * Math.floor(dataset.train.count / 512) * 8 * size;
  expect(last).toEqual(rows.slice(start, start + 8 * size));
});

test('a small training split is taken whole', async () => {
  const dataset = await openDataset('cars');
  const batches = await Array.fromAsync(calibrationData(dataset).batches());
  const rows = batches.map((batch) => Object.values(batch)[0]?.shape[0] ?? 0);
  expect(rows.reduce((sum, count) => sum + count, 0)).toBe(dataset.train.count);
});

test('sentences come without the padding at their ends too, each once', async () => {
  const data = calibrationData(await openDataset('clauses'));
  const wordsOf = (batches: readonly Tensors[]): string[] =>
    batches.flatMap(({ input_ids: ids }) => {
      const [rows = 0, width = 0] = ids?.shape ?? [];
      const values = Array.from(ids?.data as BigInt64Array, Number);
      return Array.from({ length: rows }, (_, row) => values.slice(row * width, (row + 1) * width).join(' '));
    });
  const padded = wordsOf(await Array.fromAsync(data.batches()));
  const batches = await Array.fromAsync(data.unpadded?.() ?? []);
  const sentences = padded.map((row) => row.replace(/(?: 0)+$/, ''));
  expect(sentences).not.toEqual(padded);
  expect(wordsOf(batches).toSorted()).toEqual(sentences.toSorted());
  expect(Math.max(...batches.map(({ input_ids: ids }) => ids?.shape[0] ?? 0))).toBe(8);
  expect(calibrationData(await openDataset('digits')).unpadded).toBeUndefined();
});
