import { joinTensors } from '../core/join-rows.ts';
import { eachTensor, sliceRows, type Tensors, type TensorSpec } from '../core/tensor.ts';
import type { Infer } from '../tasks/batches.ts';
import { rowCount } from './fixed-batches.ts';

/** Of outputs that are held at a time. */
const outputBytes = 2 ** 20;
/** No element of an output takes more. */
const elementBytes = 8;

/** Runs any number of samples, at most `size` a call, and puts their outputs one after another. */
export async function inCalls(call: Infer, inputs: Tensors, size: number): Promise<Tensors> {
  const rows = rowCount(inputs);
  if (rows <= size) return call(inputs);
  const parts: Tensors[] = [];
  for (let start = 0; start < rows; start += size) {
    const end = Math.min(start + size, rows);
    parts.push(await call(eachTensor(inputs, (tensor) => sliceRows(tensor, start, end))));
  }
  return joinTensors(parts);
}

/**
 * After how many calls of `size` samples outputs are looked at, which takes longer than a small model does: as many as keep them few.
 * 1 where not all outputs are declared to have a row of some size for each sample.
 */
export function callsAtATime(outputs: readonly TensorSpec[], size: number): number {
  const bytes = outputs.reduce((sum, { shape }) => sum + elementBytes * elementsOfRow(shape), 0);
  return Math.max(1, Math.floor(outputBytes / (size * bytes)));
}

function elementsOfRow([rows, ...inner]: TensorSpec['shape']): number {
  return rows === null ? inner.reduce<number>((product, size) => product * (size ?? Infinity), 1) : Infinity;
}
