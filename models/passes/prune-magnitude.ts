import { elementTypeNumbers } from '../onnx/element-type.ts';
import { countUses } from '../onnx/graph.ts';
import { changed, type OnnxGraph, type OnnxTensor } from '../onnx/model.ts';
import { createTensor, shapeOf } from '../onnx/tensor.ts';
import { describeZeros, sparsityParameters, zeroSmallest } from './magnitude.ts';
import { definePass, type PassOutcome } from './pass.ts';
import { assertFiniteWeights, describeOperators, floatsOf, nodesOf } from './weights.ts';
import { magnitudeForm } from './prune-magnitude-form.ts';

const operators = ['MatMul', 'Gemm', 'Conv'];

/**
 * Sets the smallest float32 weights of MatMul, Gemm and Conv to zero, once and without training; biases stay
 * (magnitude pruning, Han et al. 2015). Shapes stay too: it saves bytes after compression and, with dense kernels, no time.
 */
export const pruneMagnitude = definePass({
  name: 'prune-magnitude',
  kind: 'zeroes weights',
  form: magnitudeForm,
  version: 1,
  operators,
  paysOn: [],
  parameters: sparsityParameters,
  rewrite: (model, settings): PassOutcome => {
    const weights = prunableWeights(model.graph);
    if (weights.length === 0) {
      const reason = `no MatMul, Gemm or Conv has constant float32 weights of its own: the graph has ${describeOperators(model.graph)}`;
      return { status: 'nothing-to-do', reason };
    }
    weights.forEach(assertFiniteWeights);
    const pruned = zeroSmallest(weights.map(floatsOf), settings);
    const graph = withWeights(model.graph, new Map(weights.map((weight, index) => [weight, pruned[index]])));
    const summary = describeZeros(pruned, { scope: settings.scope, kinds: 'MatMul, Gemm and Conv tensors' });
    return { status: 'applied', model: changed(model, { graph }), summary };
  },
});

/** Weights nothing else reads: a table that is an embedding too would lose that as well. */
function prunableWeights(graph: OnnxGraph): OnnxTensor[] {
  const uses = countUses(graph);
  const asWeight = new Map<string, number>();
  for (const { input } of nodesOf(graph, operators)) {
    const name = input[1] ?? '';
    asWeight.set(name, (asWeight.get(name) ?? 0) + 1);
  }
  return graph.initializer.filter(
    ({ name, dataType }) => dataType === elementTypeNumbers.float32 && asWeight.get(name) === uses.get(name),
  );
}

function withWeights(graph: OnnxGraph, pruned: ReadonlyMap<OnnxTensor, Float32Array | undefined>): OnnxGraph {
  const initializer = graph.initializer.map((tensor) => {
    const data = pruned.get(tensor);
    return data === undefined
      ? tensor
      : createTensor(tensor.name, { type: 'float32', shape: shapeOf(tensor), data });
  });
  return changed(graph, { initializer });
}
