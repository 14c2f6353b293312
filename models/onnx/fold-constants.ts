import { neededPart, sortNodes, subgraphsOf, valuesReadBy, withoutUnused } from './graph.ts';
import { changed, type OnnxGraph, type OnnxModel, type OnnxNode } from './model.ts';
import { openGraph } from './run-graph.ts';
import { createTensor } from './tensor.ts';

/** Operators whose result changes from run to run, or stands for numbers that are integers on purpose. */
const unfolded = /^(?:Random|Bernoulli|Multinomial|Dropout|DequantizeLinear|QuantizeLinear)/;

/** Values the nodes of a graph compute from constants alone, by name, each with the stored tensors it is made of. */
export function computedConstants(graph: OnnxGraph): ReadonlyMap<string, ReadonlySet<string>> {
  const sources = new Map(graph.initializer.map(({ name }) => [name, new Set([name])]));
  const computed = new Map<string, ReadonlySet<string>>();
  for (const node of sortNodes(graph.node)) {
    const given = node.input.filter((name) => name !== '');
    if (!isFoldable(node) || !given.every((name) => sources.has(name))) continue;
    const made = new Set(given.flatMap((name) => [...(sources.get(name) ?? [])]));
    for (const name of node.output) {
      sources.set(name, made);
      computed.set(name, made);
    }
  }
  return computed;
}

function isFoldable(node: OnnxNode): boolean {
  const hasData = node.opType === 'Constant' || node.input.length > 0;
  const isPlain = node.domain === '' && node.output.length === 1 && subgraphsOf(node).length === 0;
  return isPlain && hasData && !unfolded.test(node.opType);
}

/**
 * The model with some of its computed constants stored, as ONNX Runtime computes them, and without the nodes that only they needed.
 * One that is not float32 stays computed.
 */
export async function storeConstants(model: OnnxModel, names: readonly string[]): Promise<OnnxModel> {
  if (names.length === 0) return model;
  const part = changed(neededPart(model.graph, names), { input: [] });
  const open = await openGraph(changed(model, { graph: part }), names);
  const values = Object.entries(await open.run({})).filter(([, { type }]) => type === 'float32');
  await open.close();
  const tensors = values.map(([name, tensor]) => createTensor(name, tensor));
  return changed(model, { graph: withStored(model.graph, tensors) });
}

function withStored(graph: OnnxGraph, tensors: OnnxGraph['initializer']): OnnxGraph {
  const stored = new Set(tensors.map(({ name }) => name));
  const computed = computedConstants(graph);
  const needed = new Set(graph.output.map(({ name }) => name));
  const kept = sortNodes(graph.node)
    .toReversed()
    .filter((node) => {
      const [made = ''] = node.output;
      const isKept = !computed.has(made) || (needed.has(made) && !stored.has(made));
      if (isKept) for (const name of valuesReadBy(node)) needed.add(name);
      return isKept;
    });
  const initializer = [...graph.initializer, ...tensors];
  const folded = changed(graph, { node: kept.toReversed(), initializer });
  return withoutUnused(folded, new Set(graph.initializer.map(({ name }) => name)));
}
