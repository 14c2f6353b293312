import { joinTensors } from '../core/join-rows.ts';
import type { Samples } from '../core/samples.ts';
import { eachTensor, sliceRows, type Tensor, type Tensors } from '../core/tensor.ts';
import { canGoUnpadded } from '../core/word-inputs.ts';

/** Rows of tokens without the padding at their ends, up to `size` of one length a batch; what does not fill one comes last. */
export async function* unpadded(samples: AsyncIterable<Samples>, size: number): AsyncGenerator<Tensors> {
  const waiting = new Map<number, Tensors[]>();
  for await (const { inputs, references } of samples) {
    if (references.kind !== 'tokens') throw new Error(`internal: ${references.kind} have no padding`);
    const cut = canGoUnpadded(inputs, references.words) ? references.words : {};
    for (const [row, length] of references.lengths.entries()) {
      const rows = waiting.get(length) ?? [];
      waiting.set(length, rows);
      const whole = eachTensor(inputs, (tensor) => sliceRows(tensor, row, row + 1));
      rows.push(eachTensor(whole, (tensor, name) => (name in cut ? cutTo(tensor, length) : tensor)));
      if (rows.length === size) yield joinTensors(rows.splice(0));
    }
  }
  for (const rows of waiting.values()) if (rows.length > 0) yield joinTensors(rows);
}

function cutTo(tensor: Tensor, length: number): Tensor {
  return { ...tensor, shape: [1, length], data: tensor.data.slice(0, length) } as Tensor;
}
