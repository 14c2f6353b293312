import { joinTensors } from '../core/join-rows.ts';
import type { Samples } from '../core/samples.ts';
import { eachTensor, type Tensor, type Tensors } from '../core/tensor.ts';

/** Rows of tokens without the padding at their ends, up to `size` of one length a batch; what does not fill one comes last. */
export async function* unpadded(samples: AsyncIterable<Samples>, size: number): AsyncGenerator<Tensors> {
  const waiting = new Map<number, Tensors[]>();
  for await (const { inputs, references } of samples) {
    if (references.kind !== 'tokens') throw new Error(`internal: ${references.kind} have no padding`);
    for (const [row, length] of references.lengths.entries()) {
      const rows = waiting.get(length) ?? [];
      waiting.set(length, rows);
      rows.push(eachTensor(inputs, (tensor) => cutRow(tensor, row, length)));
      if (rows.length === size) yield joinTensors(rows.splice(0));
    }
  }
  for (const rows of waiting.values()) if (rows.length > 0) yield joinTensors(rows);
}

function cutRow({ shape: [, width = 0], ...tensor }: Tensor, row: number, length: number): Tensor {
  return {
    ...tensor,
    shape: [1, length],
    data: tensor.data.slice(row * width, row * width + length),
  } as Tensor;
}
