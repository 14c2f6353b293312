import { elementCount } from '../../../core/tensor.ts';
import { freshNames, withoutUnused, type FreshName } from '../../onnx/graph.ts';
import { changed, type OnnxModel, type OnnxNode, type OnnxTensor } from '../../onnx/model.ts';
import { createNode } from '../../onnx/node.ts';
import { createTensor, shapeOf } from '../../onnx/tensor.ts';
import { madeTensor } from '../made-tensor.ts';
import { floatsOf } from '../weights.ts';
import type { Cut, Resize, Walk } from './walk.ts';
import { intOf, intsOf } from './walk.ts';

/**
 * The model without the units of some roots: smaller weights, and stated sizes that follow. Weights may have other values than when
 * walked, and nodes other inputs.
 */
export function cutModel(model: OnnxModel, walk: Walk, gone: ReadonlySet<number>): OnnxModel {
  const stays = (unit: number): boolean => !gone.has(walk.units.rootOf(unit));
  const cut = new Map(model.graph.initializer.map((tensor) => [tensor.name, tensor]));
  for (const { tensor, axis, units } of walk.cuts) {
    if (units.every(stays)) continue;
    const places = [...units.keys()].filter((place) => stays(units[place]!));
    cut.set(tensor.name, takePlaces(cut.get(tensor.name)!, axis, places));
  }
  const edits: Edits = { walk, fresh: freshNames(model.graph), stays, added: [], nodes: new Map() };
  for (const resize of walk.resizes) editSize(edits, resize);
  const initializer = [...cut.values(), ...edits.added];
  const node = model.graph.node.map((one) => edits.nodes.get(one) ?? one);
  // Recorded shapes of values inside would contradict the smaller ones.
  const replaced = new Set([...edits.nodes.keys()].flatMap(({ input }) => input));
  const graph = changed(model.graph, { initializer, node, valueInfo: [] });
  return changed(model, { graph: withoutUnused(graph, replaced) });
}

/** The model with the weights that make or read the units of some roots set to zero: it puts out what it would without them. */
export function withSilenced(model: OnnxModel, cuts: readonly Cut[], gone: ReadonlySet<number>): OnnxModel {
  const stored = new Map(model.graph.initializer.map((tensor) => [tensor.name, tensor]));
  for (const { tensor, axis, units, role } of cuts) {
    if (role === 'follows' || !units.some((unit) => gone.has(unit))) continue;
    stored.set(tensor.name, withZeros({ axis, units, tensor: stored.get(tensor.name)! }, gone));
  }
  const initializer = [...stored.values()];
  return changed(model, { graph: changed(model.graph, { initializer }) });
}

function withZeros({ tensor, axis, units }: Omit<Cut, 'role'>, gone: ReadonlySet<number>): OnnxTensor {
  const shape = shapeOf(tensor);
  const inner = elementCount(shape.slice(axis + 1));
  const values = (): Float32Array => {
    const data = floatsOf(tensor).slice();
    for (let start = 0; start < data.length; start += inner) {
      const unit = units[(start / inner) % units.length]!;
      if (gone.has(unit)) data.fill(0, start, start + inner);
    }
    return data;
  };
  const { name, dataType } = tensor;
  return madeTensor({ name, dataType, shape, from: tensor, values });
}

/** A copy with only some places of an axis. */
function takePlaces(tensor: OnnxTensor, axis: number, places: readonly number[]): OnnxTensor {
  const shape = shapeOf(tensor);
  const inner = elementCount(shape.slice(axis + 1));
  const outer = elementCount(shape.slice(0, axis));
  const values = (): Float32Array => {
    const from = floatsOf(tensor);
    const data = new Float32Array(outer * places.length * inner);
    for (let block = 0; block < outer; block++) {
      for (let index = 0; index < places.length; index++) {
        const start = (block * shape[axis]! + places[index]!) * inner;
        data.set(from.subarray(start, start + inner), (block * places.length + index) * inner);
      }
    }
    return data;
  };
  const { name, dataType } = tensor;
  return madeTensor({ name, dataType, shape: shape.with(axis, places.length), from: tensor, values });
}

interface Edits {
  walk: Walk;
  fresh: FreshName;
  stays: (unit: number) => boolean;
  added: OnnxTensor[];
  /** The changed form of a node. */
  nodes: Map<OnnxNode, OnnxNode>;
}

function editSize(edits: Edits, resize: Resize): void {
  const count = (units: Int32Array): number => units.filter(edits.stays).length;
  const node = edits.nodes.get(resize.node) ?? resize.node;
  if (resize.kind === 'group') {
    if (count(resize.units) < resize.units.length)
      edits.nodes.set(resize.node, withInt(node, 'group', count(resize.units)));
  } else if (resize.kind === 'split') {
    if (resize.parts.some((part) => count(part) < part.length))
      edits.nodes.set(resize.node, withParts(edits, node, resize.parts.map(count)));
  } else if (count(resize.units) < resize.units.length) {
    const shape =
      intsOf({ ...edits.walk, constants: constantsWith(edits) }, node, { attribute: 'shape', input: 1 }) ??
      [];
    const input = [
      node.input[0] ?? '',
      addSizes(edits, `${node.input[1]}_cut`, shape.with(resize.axis, count(resize.units))),
    ];
    edits.nodes.set(resize.node, changed(node, { input }));
  }
}

/** A reshape may be edited twice. */
function constantsWith({ walk, added }: Edits): ReadonlyMap<string, OnnxTensor> {
  return new Map([...walk.constants, ...added.map((tensor) => [tensor.name, tensor] as const)]);
}

function addSizes(edits: Edits, wanted: string, sizes: readonly number[]): string {
  const name = edits.fresh(wanted);
  edits.added.push(
    createTensor(name, { type: 'int64', shape: [sizes.length], data: BigInt64Array.from(sizes, BigInt) }),
  );
  return name;
}

/** Up to operator set 12 the sizes are an attribute, later an input; left out, or given as a number of parts, they are equal. */
function withParts(edits: Edits, node: OnnxNode, sizes: readonly number[]): OnnxNode {
  const parts = { opType: 'Split', name: node.name, outputs: node.output };
  const axis = { axis: { int: intOf(node, 'axis', 0) } };
  if (edits.walk.opset < 13)
    return createNode({ ...parts, inputs: node.input, attributes: { ...axis, split: { ints: sizes } } });
  const inputs = [node.input[0] ?? '', addSizes(edits, `${node.output[0]}_sizes`, sizes)];
  return createNode({ ...parts, inputs, attributes: axis });
}

function withInt(node: OnnxNode, name: string, int: number): OnnxNode {
  const attribute = node.attribute.map((given) => (given.name === name ? changed(given, { i: int }) : given));
  return changed(node, { attribute });
}
