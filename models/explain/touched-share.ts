import { elementCount } from '../../core/tensor.ts';
import type { OnnxModel } from '../onnx/model.ts';
import { shapeOf } from '../onnx/tensor.ts';

/** The share of the model's stored numbers that are weights of these operators: 0 to 1, 0 for a model without any. */
export function touchedShare({ graph }: OnnxModel, operators: readonly string[]): number {
  const touched = new Set(
    graph.node.filter(({ opType }) => operators.includes(opType)).flatMap(({ input }) => input.slice(1)),
  );
  let all = 0;
  let reached = 0;
  for (const initializer of graph.initializer) {
    const elements = elementCount(shapeOf(initializer));
    all += elements;
    if (touched.has(initializer.name)) reached += elements;
  }
  return all === 0 ? 0 : reached / all;
}
