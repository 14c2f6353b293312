import { elementCount } from '../../../core/tensor.ts';
import type { OnnxTensor } from '../../onnx/model.ts';
import { createTensor, shapeOf } from '../../onnx/tensor.ts';
import type { ConstantProduct } from '../constant-products.ts';
import { sizesOf } from '../nbits-product.ts';
import { floatsOf } from '../weights.ts';

/** The weights of products of one input as one matrix: [channels][outputs of all products]. */
export function sideBySide(
  products: readonly ConstantProduct[],
  rows: number,
): { data: Float32Array; outputs: number } {
  const outputs = products.reduce((sum, product) => sum + sizesOf(product).columns, 0);
  const data = new Float32Array(rows * outputs);
  let first = 0;
  for (const product of products) {
    const { columns } = sizesOf(product);
    const values = floatsOf(product.weight);
    for (let at = 0; at < values.length; at++) {
      const [row, column] = product.isTransposed
        ? [at % rows, Math.floor(at / rows)]
        : [Math.floor(at / columns), at % columns];
      data[row * outputs + first + column] = values[at]!;
    }
    first += columns;
  }
  return { data, outputs };
}

/** A float32 tensor times `factors`, one for each place of `axis`. */
export function scaledAlong(tensor: OnnxTensor, axis: number, factors: Float64Array): OnnxTensor {
  const shape = shapeOf(tensor);
  const inner = elementCount(shape.slice(axis + 1));
  const data = Float32Array.from(
    floatsOf(tensor),
    (value, at) => value * factors[Math.floor(at / inner) % factors.length]!,
  );
  return createTensor(tensor.name, { type: 'float32', shape, data });
}
