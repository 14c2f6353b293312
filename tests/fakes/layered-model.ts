import { buildGraph } from '../../models/onnx/builder.ts';
import type { OnnxModel } from '../../models/onnx/model.ts';

/** Columns of a hidden value; the first two carry the inputs, the others are 0. */
const width = 32;

/**
 * y = 2 a - b through products one after the other. In a `fragile` one an unused weight is 500: a scale for the whole tensor leaves no
 * integers for the weights that count, so that int8 by tensor ruins it. Others lose next to nothing.
 */
export function layeredModel(layers: readonly ('fragile' | 'sturdy')[]): OnnxModel {
  const graph = buildGraph('layered');
  let value = graph.input('x', { type: 'float32', shape: ['batch', 2] });
  value = product('widen', [2, width], (row, column) => Number(row === column));
  for (const [index, kind] of layers.entries()) {
    value = product(`${kind}_${index}`, [width, width], (row, column) => {
      const isUnused = row === width - 1 && column === width - 1;
      return isUnused && kind === 'fragile' ? 500 : Number(row === column);
    });
  }
  product('read', [width, 1], (row) => [2, -1][row] ?? 0);
  graph.output('y', { type: 'float32', shape: ['batch', 1] });
  return graph.model();

  function product(
    name: string,
    [rows, columns]: readonly [number, number],
    weightAt: (row: number, column: number) => number,
  ): string {
    const length = rows * columns;
    const data = Float32Array.from({ length }, (_, index) =>
      weightAt(Math.floor(index / columns), index % columns),
    );
    const weight = graph.initializer(`${name}_weight`, { type: 'float32', shape: [rows, columns], data });
    return graph.node('MatMul', [value, weight], {
      name,
      outputs: [name === 'read' ? 'y' : `${name}_output`],
    });
  }
}
