import { expect, test } from 'vitest';
import { changed, type OnnxModel } from '../../../../models/onnx/model.ts';
import { createTensor, readTensor, shapeOf } from '../../../../models/onnx/tensor.ts';
import { startCalibration } from '../../../../models/passes/calibration.ts';
import { pruneStructure } from '../../../../models/passes/structure/prune-structure.ts';
import { catalogModel } from '../catalog-calibration.ts';

const { source, calibration } = await catalogModel('grammar-transformer');
const plan = { kind: 'heads', sparsity: 0.5, multiple: 1, reconstruction: 'none' } as const;

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
