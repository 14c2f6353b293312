import { elementTypeNumbers } from '../../onnx/element-type.ts';
import { changed, type OnnxGraph, type OnnxNode, type OnnxTensor } from '../../onnx/model.ts';
import { shapeOf } from '../../onnx/tensor.ts';
import { intOf } from '../structure/walk.ts';

/** A graph whose stored tensors are being scaled: names of values and what is known of them. */
export interface Folding {
  makers: ReadonlyMap<string, OnnxNode>;
  uses: ReadonlyMap<string, number>;
  constants: ReadonlyMap<string, OnnxTensor>;
  /** Of what nodes make; null for an axis whose size depends on the inputs. */
  shapes: ReadonlyMap<string, readonly (number | null)[]>;
}

/** Stored tensors that make each place of a value, with the axis of their places: dividing all of them divides the value. */
export type Fold = readonly { name: string; axis: number }[];

/** Operators that give a value divided by a positive number, divided by the same, place by place of the last axis. */
const homogenous = ['Dropout', 'Identity', 'LeakyRelu', 'Relu'];
/** Operators that keep the channels of an image on its axis 1, and divide with them. */
const pooling = ['AveragePool', 'GlobalAveragePool', 'GlobalMaxPool', 'MaxPool'];
/** Operators that only arrange the same numbers, in the same order, into other axes. */
const arranging = ['Flatten', 'Reshape', 'Squeeze'];

/**
 * What the last axis of a value, of `size` places, is made of, where that can be divided without changing anything else: the scale and
 * bias of a LayerNormalization, the factor of a Mul, the outputs of a Gemm, MatMul or Conv. Null where it cannot.
 */
export function foldInto(
  folding: Folding,
  value: string,
  { size, reads }: { size: number; reads: number },
): Fold | null {
  if ((folding.uses.get(value) ?? 0) !== reads) return null;
  const maker = folding.makers.get(value);
  if (maker?.domain !== '') return null;
  const [input = ''] = maker.input;
  if (homogenous.includes(maker.opType)) return foldInto(folding, input, { size, reads: 1 });
  if (arranging.includes(maker.opType))
    return areChannelsAlone(folding, input, size) ? foldIntoChannels(folding, input, size) : null;
  const fold = foldOf(folding, maker, size);
  return fold?.every((part) => isOwn(folding, part, size)) === true ? fold : null;
}

/** Whether each image is one number for each of `size` channels, so that the last axis of these numbers is that of the channels however they are arranged. */
function areChannelsAlone({ shapes }: Folding, value: string, size: number): boolean {
  const [, channels, ...inner] = shapes.get(value) ?? [];
  return channels === size && inner.every((length) => length === 1);
}

function foldIntoChannels(folding: Folding, value: string, size: number): Fold | null {
  if ((folding.uses.get(value) ?? 0) !== 1) return null;
  const maker = folding.makers.get(value);
  if (maker?.domain !== '') return null;
  const isPassed = homogenous.includes(maker.opType) || pooling.includes(maker.opType);
  if (isPassed) return foldIntoChannels(folding, maker.input[0] ?? '', size);
  if (maker.opType !== 'Conv') return null;
  const fold = withBias(folding, { name: maker.input[1] ?? '', axis: 0 }, maker.input[2] ?? '');
  return fold.every((part) => isOwn(folding, part, size)) ? fold : null;
}

function foldOf(folding: Folding, maker: OnnxNode, size: number): Fold | null {
  const [input = '', second = '', third = ''] = maker.input;
  switch (maker.opType) {
    case 'LayerNormalization':
      // A scale of one axis is that of the last.
      return folding.constants.get(second)?.dims.length === 1
        ? withBias(folding, { name: second, axis: 0 }, third)
        : null;
    case 'Gemm':
      return withBias(folding, { name: second, axis: intOf(maker, 'transB', 0) === 0 ? 1 : 0 }, third);
    case 'MatMul':
      return folding.constants.get(second)?.dims.length === 2 ? [{ name: second, axis: 1 }] : null;
    case 'Mul':
      return foldOfRow(folding, [input, second], size);
    case 'Add':
      return foldOfSum(folding, [input, second], size);
    default:
      return null;
  }
}

/** A bias broadcasts to what it is added to: its last axis is that of the places. */
function withBias({ constants }: Folding, weight: Fold[number], bias: string): Fold {
  if (bias === '') return [weight];
  return [weight, { name: bias, axis: (constants.get(bias)?.dims.length ?? 0) - 1 }];
}

function foldOfRow(folding: Folding, operands: readonly string[], size: number): Fold | null {
  const row = operands.find((name) => isRow(folding, name, size));
  return row === undefined ? null : [{ name: row, axis: folding.constants.get(row)!.dims.length - 1 }];
}

/** A product and its bias. */
function foldOfSum(folding: Folding, operands: readonly string[], size: number): Fold | null {
  const bias = foldOfRow(folding, operands, size);
  const product = operands.find((name) => folding.makers.get(name)?.opType === 'MatMul');
  if (bias === null || product === undefined) return null;
  const fold = foldInto(folding, product, { size, reads: 1 });
  return fold === null ? null : [...fold, ...bias];
}

function isRow({ constants }: Folding, name: string, size: number): boolean {
  const tensor = constants.get(name);
  if (tensor === undefined) return false;
  const shape = shapeOf(tensor);
  return shape.at(-1) === size && shape.slice(0, -1).every((length) => length === 1);
}

function isOwn({ constants, uses }: Folding, { name, axis }: Fold[number], size: number): boolean {
  const tensor = constants.get(name);
  return (
    tensor?.dataType === elementTypeNumbers.float32 && uses.get(name) === 1 && shapeOf(tensor)[axis] === size
  );
}

/** Where nothing can be divided, a Mul before the products does it: `name` of its result, `factors` stored by their name. */
export function withDivision(
  graph: OnnxGraph,
  readers: ReadonlySet<OnnxNode>,
  division: { node: OnnxNode; factors: OnnxTensor },
): OnnxGraph {
  const [scaled = ''] = division.node.output;
  const first = graph.node.findIndex((node) => readers.has(node));
  const node = graph.node.flatMap((one, index) => {
    const changedNode = readers.has(one) ? changed(one, { input: [scaled, ...one.input.slice(1)] }) : one;
    return index === first ? [division.node, changedNode] : [changedNode];
  });
  return changed(graph, { node, initializer: [...graph.initializer, division.factors] });
}
