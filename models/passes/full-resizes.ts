import { freshNames, type FreshName } from '../onnx/graph.ts';
import type { InferredValue } from '../onnx/infer.ts';
import { changed, numberOf, type OnnxModel, type OnnxNode } from '../onnx/model.ts';
import { createNode } from '../onnx/node.ts';

/**
 * The model with each Resize that states sizes of its last axes alone stating those of all: ONNX Runtime 1.30 loses the sizes where it
 * turns channels to the end, as integer convolutions want them, and does not load the model. `values` are what it infers.
 */
export function withFullResizes(model: OnnxModel, values: ReadonlyMap<string, InferredValue>): OnnxModel {
  const { graph } = model;
  const fresh = freshNames(graph);
  const node = graph.node.flatMap((one) => {
    const kept = keptAxes(one, values);
    return kept === null ? [one] : withAllSizes(one, kept, fresh);
  });
  return changed(model, { graph: changed(graph, { node }) });
}

/** How many axes come before those that get a size; null where the node has another form. */
function keptAxes(node: OnnxNode, values: ReadonlyMap<string, InferredValue>): number | null {
  const { domain, opType, attribute, input } = node;
  const axes = attribute.find(({ name }) => name === 'axes')?.ints.map(numberOf);
  const rank = values.get(input[0] ?? '')?.shape.length ?? 0;
  const [, region = '', , sizes = ''] = input;
  if (domain !== '' || opType !== 'Resize' || axes === undefined || region !== '' || sizes === '')
    return null;
  const isStretched = attribute.every(({ name }) => name !== 'keep_aspect_ratio_policy');
  const kept = rank - axes.length;
  const areLast = axes.every((axis, index) => (axis < 0 ? axis + rank : axis) === kept + index);
  return isStretched && areLast && kept > 0 ? kept : null;
}

function withAllSizes(node: OnnxNode, kept: number, fresh: FreshName): OnnxNode[] {
  const [input = '', , , sizes = ''] = node.input;
  const [before, all] = [fresh(`${input}_kept_sizes`), fresh(`${input}_sizes`)];
  return [
    createNode({
      opType: 'Shape',
      name: fresh(before),
      inputs: [input],
      outputs: [before],
      attributes: { start: { int: 0 }, end: { int: kept } },
    }),
    createNode({
      opType: 'Concat',
      name: fresh(all),
      inputs: [before, sizes],
      outputs: [all],
      attributes: { axis: { int: 0 } },
    }),
    changed(node, {
      input: [input, '', '', all],
      attribute: node.attribute.filter(({ name }) => name !== 'axes'),
    }),
  ];
}
