import { subgraphsOf } from './graph.ts';
import { changed, type OnnxFunction, type OnnxGraph, type OnnxModel, type OnnxNode } from './model.ts';
import { scopesOf } from './scopes.ts';

interface InDomain {
  domain: string;
}

/** Whether a set, node or function is of ONNX itself: ONNX Runtime takes `ai.onnx` for the empty domain. */
export function isOnnxOwn({ domain }: InDomain): boolean {
  return domain === '' || domain === 'ai.onnx';
}

/** The model with the domain of ONNX itself under its usual name, the empty one, wherever it stands; the same where it does already. */
export function withPlainDomains(model: OnnxModel): OnnxModel {
  const { opsetImport, functions } = model;
  const nodes = [...scopesOf(model.graph).map(({ graph }) => graph), ...functions].flatMap(
    ({ node }) => node,
  );
  const imports = [...opsetImport, ...functions.flatMap((one) => one.opsetImport ?? [])];
  if (![...imports, ...functions, ...nodes].some(isAliased)) return model;
  return changed(model, {
    opsetImport: plainSets(opsetImport),
    graph: plainGraph(model.graph),
    functions: functions.map(plainFunction),
  });
}

function isAliased(one: InDomain): boolean {
  return one.domain !== '' && isOnnxOwn(one);
}

function plain<Item extends InDomain>(one: Item): Item {
  return isAliased(one) ? (changed<InDomain>(one, { domain: '' }) as Item) : one;
}

/** Of two sets of ONNX itself, ONNX Runtime goes by the last. */
function plainSets<Item extends InDomain>(sets: readonly Item[]): Item[] {
  const last = sets.findLast(isOnnxOwn);
  return sets.filter((set) => set === last || !isOnnxOwn(set)).map((set) => plain(set));
}

function plainGraph(graph: OnnxGraph): OnnxGraph {
  return changed(graph, { node: graph.node.map(plainNode) });
}

function plainNode(node: OnnxNode): OnnxNode {
  if (subgraphsOf(node).length === 0) return plain(node);
  const attribute = node.attribute.map((one) =>
    changed(one, { g: one.g === null ? null : plainGraph(one.g), graphs: one.graphs.map(plainGraph) }),
  );
  return changed(plain(node), { attribute });
}

function plainFunction(one: OnnxFunction): OnnxFunction {
  const { opsetImport = [], node } = one;
  return changed(plain(one), { opsetImport: plainSets(opsetImport), node: node.map(plainNode) });
}
