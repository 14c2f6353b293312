import { AssayError } from '../../core/errors.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor } from '../onnx/model.ts';
import { readTensor } from '../onnx/tensor.ts';

/** Nodes of the graph with an ONNX operator of the given names. */
export function nodesOf(graph: OnnxGraph, operators: readonly string[]): OnnxNode[] {
  return graph.node.filter((node) => node.domain === '' && operators.includes(node.opType));
}

/** Float32 weights, row-major. Throws `model-invalid` where one is NaN or infinite: neither has a magnitude or a scale. */
export function finiteWeights(stored: OnnxTensor): Float32Array {
  const { data } = readTensor(stored) as { data: Float32Array };
  const at = data.findIndex((weight) => !Number.isFinite(weight));
  if (at === -1) return data;
  throw new AssayError(
    'model-invalid',
    `Weights "${stored.name}" hold ${data[at]} at index ${at}; a pass needs finite weights.`,
    { hint: 'Export the model again from weights that trained without overflow.' },
  );
}

/** The operators of a graph in words, most frequent first, e.g. `5 Conv, 2 Relu`. */
export function describeOperators(graph: OnnxGraph): string {
  return graph.node.length === 0 ? 'no nodes' : countEach(graph.node.map(({ opType }) => opType));
}

/** Each different text with its count, most frequent first, e.g. `5 Conv, 2 Relu`. */
export function countEach(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return sorted.map(([text, count]) => `${count} ${text}`).join(', ');
}
