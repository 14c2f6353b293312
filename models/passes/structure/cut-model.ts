import { elementCount } from '../../../core/tensor.ts';
import { withoutUnused } from '../../onnx/graph.ts';
import { changed, type OnnxModel, type OnnxTensor } from '../../onnx/model.ts';
import { shapeOf } from '../../onnx/tensor.ts';
import { madeTensor } from '../made-tensor.ts';
import { floatsOf } from '../weights.ts';
import { resizedNodes } from './resized-nodes.ts';
import type { Cut, Walk } from './walk.ts';

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
  const { nodes, added } = resizedNodes(model.graph, walk, stays);
  const initializer = [...cut.values(), ...added];
  const node = model.graph.node.map((one) => nodes.get(one) ?? one);
  // Recorded shapes of values inside would contradict the smaller ones.
  const replaced = new Set([...nodes.keys()].flatMap(({ input }) => input));
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
