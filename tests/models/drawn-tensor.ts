import type { Random } from '../../core/random.ts';
import { elementCount, type Tensor } from '../../core/tensor.ts';

/** Normal numbers, each times what `factorOf` gives for its place. */
export function drawnTensor(
  random: Random,
  shape: readonly number[],
  factorOf: (at: number) => number = () => 1,
): Tensor {
  const data = Float32Array.from({ length: elementCount(shape) }, (_, at) => random.normal() * factorOf(at));
  return { type: 'float32', shape, data };
}
