import { z } from 'zod';
import { elementTypeNumbers } from '../onnx/element-type.ts';
import { countUses } from '../onnx/graph.ts';
import { changed, type OnnxGraph, type OnnxTensor } from '../onnx/model.ts';
import { createTensor, shapeOf } from '../onnx/tensor.ts';
import { keepLargest } from './magnitude.ts';
import { definePass, type PassOutcome } from './pass.ts';
import { assertFiniteWeights, describeOperators, floatsOf, nodesOf } from './weights.ts';
import { magnitudeForm } from './prune-magnitude-form.ts';

const parameters = z.strictObject({
  /** Share of the weights that become zero. */
  sparsity: z.number().min(0).max(1),
  /** Whether the tensors share one threshold or each has its own. */
  scope: z.enum(['global', 'per-tensor']),
});
type Parameters = z.output<typeof parameters>;

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
  parameters,
  rewrite: (model, settings): PassOutcome => {
    const weights = prunableWeights(model.graph);
    if (weights.length === 0) {
      const reason = `no MatMul, Gemm or Conv has constant float32 weights of its own: the graph has ${describeOperators(model.graph)}`;
      return { status: 'nothing-to-do', reason };
    }
    weights.forEach(assertFiniteWeights);
    const pruned = prune(weights.map(floatsOf), settings);
    const graph = withWeights(model.graph, new Map(weights.map((weight, index) => [weight, pruned[index]])));
    return { status: 'applied', model: changed(model, { graph }), summary: summarise(pruned, settings) };
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

function prune(tensors: Float32Array[], { sparsity, scope }: Parameters): Float32Array[] {
  const groups = scope === 'global' ? [tensors] : tensors.map((tensor) => [tensor]);
  return groups.flatMap((group) => keepLargest(group, roundHalfEven(sizeOf(group) * (1 - sparsity))));
}

function sizeOf(tensors: readonly Float32Array[]): number {
  return tensors.reduce((size, tensor) => size + tensor.length, 0);
}

function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
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

function summarise(pruned: readonly Float32Array[], { scope }: Parameters): string {
  const size = sizeOf(pruned);
  const zeros = pruned.reduce((count, tensor) => count + tensor.filter((weight) => weight === 0).length, 0);
  const threshold = scope === 'global' ? 'one threshold for all' : 'a threshold for each';
  return `${count(zeros)} of ${count(size)} weights are zero in ${count(pruned.length)} MatMul, Gemm and Conv tensors, ${threshold}`;
}

function count(items: number): string {
  return items.toLocaleString('en-US');
}
