import { computedConstants, storeConstants } from '../onnx/fold-constants.ts';
import { countUses, nodesOf } from '../onnx/graph.ts';
import type { OnnxGraph, OnnxModel } from '../onnx/model.ts';

/** Which weights are to be stored; `own` leaves out those made of tensors that something else reads too. */
interface Choice {
  operators: readonly string[];
  which: 'all' | 'own';
}

/**
 * The model with weights and biases of some operators stored where its nodes compute them from constants alone, such as the turned
 * embedding table that a language model ends in.
 */
export async function withStoredWeights(model: OnnxModel, choice: Choice): Promise<OnnxModel> {
  return storeConstants(model, computedWeights(model.graph, choice));
}

function computedWeights(graph: OnnxGraph, { operators, which }: Choice): string[] {
  const computed = computedConstants(graph);
  const uses = countUses(graph);
  const isOwn = (name: string): boolean =>
    which === 'all' || [name, ...(computed.get(name) ?? [])].every((one) => uses.get(one) === 1);
  const given = nodesOf(graph, operators).flatMap(({ input }) => input.slice(1, 3));
  return [...new Set(given)].filter((name) => computed.has(name) && isOwn(name));
}
