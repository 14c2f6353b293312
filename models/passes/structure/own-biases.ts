import { elementTypeNumbers } from '../../onnx/element-type.ts';
import { countUses, freshNames, nodesOf, withoutUnused } from '../../onnx/graph.ts';
import { changed, type OnnxGraph, type OnnxModel, type OnnxNode, type OnnxTensor } from '../../onnx/model.ts';
import { createTensor, shapeOf } from '../../onnx/tensor.ts';
import { floatsOf } from '../weights.ts';
import { intOf } from './walk.ts';

const normalisations = ['BatchNormalization', 'GroupNormalization', 'InstanceNormalization'];

/**
 * The model with a bias of one axis, read by nothing else, for each Gemm and Conv that adds stored numbers to every row alike: shared ones are
 * copied, rows of a matrix and single numbers spread. So a bias can be cut and refitted with its product. Shared scales and shifts of
 * normalisations are copied, too.
 */
export function withOwnBiases(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const stored = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const uses = countUses(graph);
  const fresh = freshNames(graph);
  const added: OnnxTensor[] = [];
  const own = (node: OnnxNode): OnnxNode => {
    const [input = '', weight = '', name = ''] = node.input;
    const bias = stored.get(name);
    const outputs = outputsOf(node, stored.get(weight));
    if (bias === undefined || outputs === null || !isAlike(bias, outputs)) return node;
    if (uses.get(name) === 1 && bias.dims.length === 1 && shapeOf(bias)[0] === outputs) return node;
    const copy = spread(bias, fresh(`${node.output[0] ?? ''}_bias`), outputs);
    added.push(copy);
    return changed(node, { input: [input, weight, copy.name] });
  };
  const copied = (name: string): string => {
    const tensor = stored.get(name);
    if (tensor === undefined || uses.get(name) === 1) return name;
    const copy = changed(tensor, { name: fresh(name) });
    added.push(copy);
    return copy.name;
  };
  const normalised = (node: OnnxNode): OnnxNode => changed(node, { input: node.input.map(copied) });
  const nodes = new Map([
    ...nodesOf(graph, ['Conv', 'Gemm']).map((node) => [node, own(node)] as const),
    ...nodesOf(graph, normalisations).map((node) => [node, normalised(node)] as const),
  ]);
  if (added.length === 0) return model;
  return changed(model, { graph: withNodes(graph, nodes, added) });
}

function withNodes(
  graph: OnnxGraph,
  nodes: ReadonlyMap<OnnxNode, OnnxNode>,
  added: readonly OnnxTensor[],
): OnnxGraph {
  const node = graph.node.map((one) => nodes.get(one) ?? one);
  const replaced = new Set([...nodes.keys()].flatMap(({ input }) => input.slice(1)));
  return withoutUnused(changed(graph, { node, initializer: [...graph.initializer, ...added] }), replaced);
}

/** Null where the weight is computed. */
function outputsOf(node: OnnxNode, weight: OnnxTensor | undefined): number | null {
  if (weight === undefined) return null;
  const isOutputFirst = node.opType === 'Conv' || intOf(node, 'transB', 0) !== 0;
  return shapeOf(weight)[isOutputFirst ? 0 : 1] ?? null;
}

/** Whether each row gets the same. */
function isAlike(bias: OnnxTensor, outputs: number): boolean {
  const shape = shapeOf(bias);
  const isRow = shape.slice(0, -1).every((size) => size === 1);
  return isRow && [1, outputs].includes(shape.at(-1) ?? 1) && bias.dataType === elementTypeNumbers.float32;
}

function spread(bias: OnnxTensor, name: string, outputs: number): OnnxTensor {
  const values = floatsOf(bias);
  const data = Float32Array.from({ length: outputs }, (_, output) => values[output % values.length]!);
  return createTensor(name, { type: 'float32', shape: [outputs], data });
}
