import { makersOf, type FreshName } from '../onnx/graph.ts';
import { numberOf, type OnnxNode, type OnnxTensor, changed } from '../onnx/model.ts';
import { createNode } from '../onnx/node.ts';
import { createTensor } from '../onnx/tensor.ts';

/** Nodes, and the tensors that they read besides what was there. */
interface Apart {
  nodes: OnnxNode[];
  initializers: OnnxTensor[];
}

/**
 * Nodes with a Reshape, to the same shape, between each Transpose that moves the batch inwards and the MatMul that reads it, as attention of
 * PyTorch has them. ONNX Runtime (1.30 to 1.32) joins the two otherwise, and the process ends by a signal where they are float16.
 */
export function apartFromBatchTransposes(
  nodes: readonly OnnxNode[],
  { isHalf, fresh }: { isHalf: (name: string) => boolean; fresh: FreshName },
): Apart {
  const makers = makersOf(nodes);
  const initializers = new Map<number, OnnxTensor>();
  const reshape = (value: string, rank: number): OnnxNode => {
    const sameShape = initializers.get(rank) ?? sameShapeOf(rank, fresh);
    initializers.set(rank, sameShape);
    const outputs = [fresh(`${value}_apart`)];
    return createNode({
      opType: 'Reshape',
      name: fresh(`${value}_reshape`),
      inputs: [value, sameShape.name],
      outputs,
    });
  };
  const apart = nodes.flatMap((node) => {
    if (node.opType !== 'MatMul' || node.domain !== '') return [node];
    const added = node.input.map((value) => {
      const rank = isHalf(value) ? rankOfBatchTranspose(makers.get(value)) : null;
      return rank === null ? null : reshape(value, rank);
    });
    const input = node.input.map((value, index) => added[index]?.output[0] ?? value);
    return [...added.filter((one) => one !== null), changed(node, { input })];
  });
  return { nodes: apart, initializers: [...initializers.values()] };
}

/** The first axis becomes the last but one or the last, and the others stay in their order. */
function rankOfBatchTranspose(maker: OnnxNode | undefined): number | null {
  if (maker?.opType !== 'Transpose') return null;
  const order = maker.attribute.find(({ name }) => name === 'perm')?.ints.map(numberOf) ?? [];
  const others = order.filter((axis) => axis !== 0);
  const isInOrder = others.every((axis, place) => axis === place + 1);
  return order.length > 2 && isInOrder && order.indexOf(0) >= order.length - 2 ? order.length : null;
}

/** A size of 0 is that of the tensor itself. */
function sameShapeOf(rank: number, fresh: FreshName): OnnxTensor {
  return createTensor(fresh('same_shape'), { type: 'int64', shape: [rank], data: new BigInt64Array(rank) });
}
