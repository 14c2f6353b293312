import { elementCount } from '../../core/tensor.ts';
import { elementTypeName, elementTypeNumbers } from '../onnx/element-type.ts';
import { stretchOf } from '../onnx/external-data.ts';
import { nodesOf } from '../onnx/graph.ts';
import { mapTensors } from '../onnx/map-tensors.ts';
import type { OnnxModel, OnnxTensor } from '../onnx/model.ts';
import { scopesOf, usesOfStored } from '../onnx/scopes.ts';
import { shapeOf } from '../onnx/tensor.ts';
import { fusedObstacles } from './constant-products.ts';
import { functionObstacles } from './inner-graphs.ts';
import { madeTensor } from './made-tensor.ts';
import {
  clearBelow,
  cutSmallest,
  describeZeros,
  nothingCut,
  sparsityParameters,
  type TensorCut,
} from './magnitude.ts';
import { definePass, type PassOutcome } from './pass.ts';
import { magnitudeForm } from './prune-magnitude-form.ts';
import { withStoredWeights } from './stored-weights.ts';
import { assertFiniteWeights, countEach, describeOperators, floatsOf, floatsWithin } from './weights.ts';

const operators = ['MatMul', 'Gemm', 'Conv'];

/**
 * Sets the smallest float32 weights of MatMul, Gemm and Conv to zero, once and without training; biases stay
 * (magnitude pruning, Han et al. 2015). Shapes stay too: it saves bytes after compression and, with dense kernels, no time.
 */
export const pruneMagnitude = definePass({
  name: 'prune-magnitude',
  kind: 'zeroes weights',
  form: magnitudeForm,
  version: 2,
  operators,
  paysOn: [],
  parameters: sparsityParameters,
  rewrite: async (source, settings): Promise<PassOutcome> => {
    const model = await withStoredWeights(source, { operators, which: 'own' });
    const { weights, obstacles } = prunableWeights(model);
    if (weights.length === 0) return { status: 'nothing-to-do', reason: explainNone(model, obstacles) };
    const cuts = cutAll(weights, settings);
    const nothing = nothingCut(cuts);
    if (nothing !== null) return { status: 'nothing-to-do', reason: nothing };
    const pruned = new Map(weights.map((weight, index) => [weight, withoutBelow(weight, cuts[index]!)]));
    const zeros = describeZeros(cuts, { scope: settings.scope, kinds: 'MatMul, Gemm and Conv tensors' });
    const inner = [
      ...functionObstacles(model.functions, operators),
      ...scopesOf(model.graph).flatMap(fusedObstacles),
    ];
    return {
      status: 'applied',
      model: mapTensors(model, (tensor) => pruned.get(tensor) ?? tensor),
      summary: `${zeros}${inner.length === 0 ? '' : `; left as they are: ${countEach(inner)}`}`,
    };
  },
});

/** Weights nothing else reads, those of graphs inside nodes too: a table that is an embedding too would lose that as well. */
function prunableWeights({ graph }: OnnxModel): { weights: OnnxTensor[]; obstacles: string[] } {
  const scopes = scopesOf(graph);
  const uses = usesOfStored(scopes);
  const asWeight = new Map<OnnxTensor, number>();
  for (const scope of scopes) {
    for (const { input } of nodesOf(scope.graph, operators)) {
      const weight = scope.constants.get(input[1] ?? '');
      if (weight !== undefined) asWeight.set(weight, (asWeight.get(weight) ?? 0) + 1);
    }
  }
  const found = scopes
    .flatMap((scope) => scope.graph.initializer)
    .flatMap((tensor) => {
      const count = asWeight.get(tensor);
      return count === undefined ? [] : (weightObstacle(tensor, count === uses.get(tensor)) ?? tensor);
    });
  return {
    weights: found.filter((one) => typeof one !== 'string'),
    obstacles: found.filter((one) => typeof one === 'string'),
  };
}

function weightObstacle(tensor: OnnxTensor, isOwn: boolean): string | null {
  if (elementCount(shapeOf(tensor)) === 0) return 'without numbers';
  if (tensor.dataType !== elementTypeNumbers.float32) return `stored as ${elementTypeName(tensor.dataType)}`;
  return isOwn ? null : 'that something else reads too';
}

function explainNone({ graph }: OnnxModel, obstacles: readonly string[]): string {
  const weights = obstacles.length === 0 ? '' : `; it has weights, but ${countEach(obstacles)}`;
  return `no MatMul, Gemm or Conv has constant float32 weights of its own: the graph has ${describeOperators(graph)}${weights}`;
}

/** One tensor after the other is read, whatever the number of them. */
function cutAll(
  weights: readonly OnnxTensor[],
  settings: Parameters<typeof cutSmallest>[1],
): readonly TensorCut[] {
  const lengths = weights.map((weight) => elementCount(shapeOf(weight)));
  const scratch = new Uint8Array(4 * lengths.reduce((a, b) => Math.max(a, b), 0));
  const sources = weights.map((weight, index) => ({
    length: lengths[index]!,
    read: () => floatsWithin(weight, scratch),
  }));
  const cuts = cutSmallest(sources, settings);
  // Only where a weight is not finite is there no cut.
  if (cuts === null) weights.forEach(assertFiniteWeights);
  return cuts ?? [];
}

function withoutBelow(weight: OnnxTensor, cut: TensorCut): OnnxTensor {
  const values = (): Float32Array => {
    // Values from another file are no one else's.
    const kept = stretchOf(weight) === null ? floatsOf(weight).slice() : floatsOf(weight);
    clearBelow(kept, cut);
    return kept;
  };
  const { name, dataType } = weight;
  return madeTensor({ name, dataType, shape: shapeOf(weight), from: weight, values });
}
