import { expect, test } from 'vitest';
import { changed, type OnnxModel } from '../../../../models/onnx/model.ts';
import { createTensor, readTensor, shapeOf } from '../../../../models/onnx/tensor.ts';
import { startCalibration } from '../../../../models/passes/calibration.ts';
import { pruneStructure } from '../../../../models/passes/structure/prune-structure.ts';
import { catalogModel } from '../catalog-calibration.ts';

const { source, calibration } = await catalogModel('grammar-transformer');
const plan = { kind: 'heads', sparsity: 0.5, multiple: 1, reconstruction: 'none' } as const;
const neurons = { ...plan, kind: 'neurons', multiple: 8, importance: 'activations' } as const;

test.for([
  ['block_0', 'activations', 1, [1, 3]],
  ['block_1', 'activations', 1, [3, 1]],
  ['block_0', 'activations', 2, [2, 2]],
  ['block_0', 'weights', 1, [2, 2]],
] as const)(
  'of four heads each where those of %s add next to nothing, by %s and multiples of %i there stay %o',
  async ([idle, importance, multiple, kept]) => {
    const model = withFaint(source, `${idle}/merge/kernel`);
    const { pruned } = await pruneStructure(
      model,
      { ...plan, importance, multiple },
      startCalibration(calibration),
    );
    expect(pruned.map(({ after }) => after)).toEqual(kept);
  },
);

test.for([
  ['block_0', [8, 376]],
  ['block_1', [376, 8]],
] as const)(
  'of 384 neurons each where those of %s add next to nothing, there stay %o',
  async ([idle, kept]) => {
    const model = withFaint(source, `${idle}/contract/kernel`);
    const { pruned } = await pruneStructure(model, neurons, startCalibration(calibration));
    expect(pruned.map(({ after }) => after)).toEqual(kept);
  },
);

test('of layers whose neurons have more and fewer weights, half of the weights go, to a multiple', async () => {
  const tumours = await catalogModel('tumours-mlp');
  const { pruned } = await pruneStructure(tumours.source, neurons, startCalibration(tumours.calibration));
  // 30 inputs, 256 and 128 neurons, a score: of each neuron the weights that make it and those that read it.
  const unitWeights = [30 + 128, 256 + 1];
  const weights = (counts: readonly number[]): number =>
    counts.reduce((sum, count, layer) => sum + count * (unitWeights[layer] ?? NaN), 0);
  const excess = weights(pruned.map(({ after }) => after)) - weights(pruned.map(({ before }) => before)) / 2;
  expect(pruned.map(({ before }) => before)).toEqual([256, 128]);
  expect(Math.abs(excess)).toBeLessThanOrEqual(4 * Math.max(...unitWeights));
});

function withFaint(model: OnnxModel, weight: string): OnnxModel {
  const initializer = model.graph.initializer.map((tensor) =>
    tensor.name === weight
      ? createTensor(weight, {
          type: 'float32',
          shape: shapeOf(tensor),
          data: (readTensor(tensor).data as Float32Array).map((value) => value * 1e-4),
        })
      : tensor,
  );
  return changed(model, { graph: changed(model.graph, { initializer }) });
}
