import { makersOf, type FreshName } from '../onnx/graph.ts';
import { numberOf, type OnnxNode, type OnnxTensor, changed } from '../onnx/model.ts';
import { createNode } from '../onnx/node.ts';
import { createTensor } from '../onnx/tensor.ts';

/** Nodes, and the tensors that they read besides what was there. */
interface Apart {
  nodes: OnnxNode[];
  initializers: OnnxTensor[];
}

/** What ONNX Runtime takes out between a Transpose and a MatMul, where a stored number makes it part of the product or nothing. */
const takenOut = new Set(['Identity', 'Dropout', 'Cast', 'Add', 'Sub', 'Mul', 'Div']);

/**
 * Nodes with a Reshape, to the same shape, behind each Transpose that moves the batch inwards and that a MatMul reads, as attention of
 * PyTorch has them, also scaled. ONNX Runtime (1.30 to 1.32) joins the two otherwise, and the process ends by a signal where they are
 * float16.
 */
export function apartFromBatchTransposes(
  nodes: readonly OnnxNode[],
  { isHalf, fresh }: { isHalf: (name: string) => boolean; fresh: FreshName },
): Apart {
  const multiplied = multipliedIn(nodes);
  const initializers = new Map<number, OnnxTensor>();
  const apart = nodes.flatMap((node) => {
    const [value = ''] = node.output;
    const rank = multiplied.has(node) && isHalf(value) ? rankOfBatchTranspose(node) : null;
    if (rank === null) return [node];
    const sameShape = initializers.get(rank) ?? sameShapeOf(rank, fresh);
    initializers.set(rank, sameShape);
    const moved = fresh(`${value}_moved`);
    const reshape = createNode({
      opType: 'Reshape',
      name: fresh(`${value}_apart`),
      inputs: [moved, sameShape.name],
      outputs: node.output,
    });
    return [changed(node, { output: [moved] }), reshape];
  });
  return { nodes: apart, initializers: [...initializers.values()] };
}

/** Makers of what a MatMul reads, as it is or by way of what ONNX Runtime may take out. */
function multipliedIn(nodes: readonly OnnxNode[]): ReadonlySet<OnnxNode> {
  const makers = makersOf(nodes);
  const found = new Set<OnnxNode>();
  const read = nodes.flatMap(({ opType, input }) => (opType === 'MatMul' ? input : []));
  // Grows while it is walked.
  for (const name of read) {
    const maker = makers.get(name);
    if (maker === undefined || found.has(maker)) continue;
    found.add(maker);
    if (takenOut.has(maker.opType)) read.push(...maker.input);
  }
  return found;
}

/** The first axis becomes the last but one or the last, and the others stay in their order. */
function rankOfBatchTranspose({ opType, attribute }: OnnxNode): number | null {
  if (opType !== 'Transpose') return null;
  const order = attribute.find(({ name }) => name === 'perm')?.ints.map(numberOf) ?? [];
  const others = order.filter((axis) => axis !== 0);
  const isInOrder = others.every((axis, place) => axis === place + 1);
  return order.length > 2 && isInOrder && order.indexOf(0) >= order.length - 2 ? order.length : null;
}

/** A size of 0 is that of the tensor itself. */
function sameShapeOf(rank: number, fresh: FreshName): OnnxTensor {
  return createTensor(fresh('same_shape'), { type: 'int64', shape: [rank], data: new BigInt64Array(rank) });
}
