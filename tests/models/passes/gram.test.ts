import { Matrix } from 'ml-matrix';
import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { buildGraph } from '../../../models/onnx/builder.ts';
import { startCalibration } from '../../../models/passes/calibration.ts';
import { crossProducts } from '../../../models/passes/gram.ts';

const [inputs, outputs] = [5, 3];

/** Rows of each batch: fewer and more than are multiplied at once, one alone and none. */
const rows = [1, 1, 130, 0, 60, 60, 60, 7];

test('products over batches of all sizes are those of all rows, whether pooled or made in the graph', async () => {
  const random = createRandom(3);
  const normal = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());
  const weight = normal(inputs * outputs);
  const batches = rows.map((count) => normal(count * inputs));
  const calibration = startCalibration({
    description: 'drawn rows',
    hash: 'drawn',
    batches: async function* () {
      for (const data of batches)
        yield await Promise.resolve({
          x: { type: 'float32', shape: [data.length / inputs, inputs], data },
        } as const);
    },
  });
  const graph = buildGraph('product');
  const x = graph.input('x', { type: 'float32', shape: ['batch', inputs] });
  const stored = graph.initializer('w', { type: 'float32', shape: [inputs, outputs], data: weight });
  graph.node('MatMul', [x, stored], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', outputs] });
  const of = (isLong: boolean) => [
    { left: { name: 'x', width: inputs, isLong }, right: { name: 'x', width: inputs, isLong } },
    { left: { name: 'x', width: inputs, isLong }, right: { name: 'y', width: outputs, isLong } },
  ];
  const found = await crossProducts(graph.model(), [...of(false), ...of(true)], calibration);
  const all = Matrix.from1DArray(
    319,
    inputs,
    batches.flatMap((data) => [...data]),
  );
  const gram = all.transpose().mmul(all);
  const cross = gram.mmul(Matrix.from1DArray(inputs, outputs, [...weight]));
  const expected = [gram, cross, gram, cross].map((matrix) => matrix.to1DArray());
  for (const [at, sums] of found.entries())
    sums.forEach((sum, index) => {
      expect(Math.abs(sum - (expected[at]?.[index] ?? NaN))).toBeLessThan(1e-3);
    });
});
