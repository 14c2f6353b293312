import { elementTypeNumbers } from '../onnx/element-type.ts';
import { freshNames } from '../onnx/graph.ts';
import { changed, type OnnxModel, type OnnxNode } from '../onnx/model.ts';
import { createNode } from '../onnx/node.ts';

/**
 * The model with an Add behind each Gemm that adds what other nodes compute, such as the residual sums ONNX Runtime folds into
 * Gemms where values have two axes: no integer kernel takes a bias that is no constant. Those with alpha or beta and `leftOut` stay.
 */
export function withSeparateSums(model: OnnxModel, leftOut: ReadonlySet<OnnxNode>): OnnxModel {
  const { graph } = model;
  const constants = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const isSum = (node: OnnxNode): boolean => {
    const { opType, domain, input, attribute } = node;
    const [, weight = '', addend = ''] = input;
    if (opType !== 'Gemm' || domain !== '' || leftOut.has(node) || addend === '') return false;
    const isScaled = attribute.some(({ name, f }) => (name === 'alpha' || name === 'beta') && f !== 1);
    return (
      !isScaled && !constants.has(addend) && constants.get(weight)?.dataType === elementTypeNumbers.float32
    );
  };
  if (!graph.node.some(isSum)) return model;
  const fresh = freshNames(graph);
  const apart = (node: OnnxNode): OnnxNode[] => {
    const [sum = ''] = node.output;
    const product = fresh(`${sum}_product`);
    const inputs = [product, node.input[2] ?? ''];
    return [
      changed(node, { input: node.input.slice(0, 2), output: [product] }),
      createNode({ opType: 'Add', name: fresh(`${sum}_sum`), inputs, outputs: [sum] }),
    ];
  };
  return changed(model, {
    graph: changed(graph, { node: graph.node.flatMap((node) => (isSum(node) ? apart(node) : [node])) }),
  });
}
