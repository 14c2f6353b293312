import { freshNames, makersOf, nodesOf } from '../../onnx/graph.ts';
import { changed, type OnnxModel, type OnnxNode, type OnnxTensor } from '../../onnx/model.ts';
import { createTensor } from '../../onnx/tensor.ts';
import { intOf, storedInts } from './walk.ts';

interface Graph {
  constants: ReadonlyMap<string, OnnxTensor>;
  makers: ReadonlyMap<string, OnnxNode>;
}

/** Stands for a size that is copied from what is reshaped, and for one that is reckoned from what is left. */
const [copied, reckoned] = [0, -1];

/**
 * The model with stored sizes for each Reshape that is told stored and computed ones together, where the computed ones follow: exporters write the number of
 * samples so. Sizes of what is made are known then.
 */
export function withPlainReshapes(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const known: Graph = {
    constants: new Map(graph.initializer.map((tensor) => [tensor.name, tensor])),
    makers: makersOf(graph.node),
  };
  const fresh = freshNames(graph);
  const added: OnnxTensor[] = [];
  const plain = (node: OnnxNode): OnnxNode => {
    const sizes = plainSizes(known, node);
    if (sizes === null) return node;
    const data = BigInt64Array.from(sizes, BigInt);
    const tensor = createTensor(fresh(`${node.input[1] ?? ''}_plain`), {
      type: 'int64',
      shape: [data.length],
      data,
    });
    added.push(tensor);
    return changed(node, { input: node.input.with(1, tensor.name) });
  };
  const nodes = new Map(nodesOf(graph, ['Reshape']).map((node) => [node, plain(node)]));
  if (added.length === 0) return model;
  const node = graph.node.map((one) => nodes.get(one) ?? one);
  return changed(model, { graph: changed(graph, { node, initializer: [...graph.initializer, ...added] }) });
}

/** Null where the sizes are stored already, or cannot be. */
function plainSizes(graph: Graph, node: OnnxNode): number[] | null {
  const [data = '', shape = ''] = node.input;
  const joined = graph.makers.get(shape);
  if (joined?.opType !== 'Concat' || intOf(node, 'allowzero', 0) !== 0) return null;
  const sizes: (number | null)[] = [];
  for (const name of joined.input) {
    const stored = storedInts(graph, name);
    const taken = stored === null ? takenSize(graph, name) : null;
    if (stored === null && taken === null) return null;
    const isSame = taken?.of === data && taken.axis === sizes.length;
    sizes.push(...(stored ?? [isSame ? copied : null]));
  }
  const computed = sizes.filter((size) => size === null).length;
  const isLeft = computed === 1 && !sizes.includes(reckoned);
  return computed === 0 || isLeft ? sizes.map((size) => size ?? reckoned) : null;
}

/** Of which value, and which axis, a value is the one size; null where it may be something else. */
function takenSize({ makers, constants }: Graph, name: string): { of: string; axis: number } | null {
  const maker = makers.get(name);
  const gather = maker?.opType === 'Unsqueeze' ? makers.get(maker.input[0] ?? '') : maker;
  if (gather?.opType !== 'Gather') return null;
  const [sizes = '', index = ''] = gather.input;
  const isRow = constants.get(index)?.dims.length === 1;
  const [axis, ...more] = storedInts({ constants }, index) ?? [];
  const shape = makers.get(sizes);
  const isWhole = shape?.opType === 'Shape' && shape.attribute.length === 0;
  // A single number becomes a row by Unsqueeze, and a row is one already.
  if (!isWhole || axis === undefined || more.length > 0 || isRow !== (gather === maker)) return null;
  return { of: shape.input[0] ?? '', axis };
}
