import { createRandom } from '../../../core/random.ts';
import { elementCount } from '../../../core/tensor.ts';
import { buildGraph, type GraphBuilder } from '../../../models/onnx/builder.ts';

export interface Drawing {
  graph: GraphBuilder;
  /** A stored tensor of normal numbers. */
  weight: (...shape: number[]) => string;
  /** Stored sizes. */
  sizes: (...values: number[]) => string;
}

/** A seeded drawing. */
export function draw(name: string): Drawing {
  const random = createRandom(17);
  const graph = buildGraph(name);
  let count = 0;
  return {
    graph,
    weight: (...shape) => {
      const data = Float32Array.from({ length: elementCount(shape) }, () => random.normal());
      return graph.initializer(`w${count++}`, { type: 'float32', shape, data });
    },
    sizes: (...values) =>
      graph.initializer(`s${count++}`, {
        type: 'int64',
        shape: [values.length],
        data: BigInt64Array.from(values, BigInt),
      }),
  };
}

export const padded = { attributes: { pads: { ints: [1, 1, 1, 1] } } };
