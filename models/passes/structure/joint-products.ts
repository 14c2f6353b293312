import { elementCount } from '../../../core/tensor.ts';
import { freshNames, neededPart, type FreshName } from '../../onnx/graph.ts';
import { changed, type OnnxGraph, type OnnxModel, type OnnxNode, type OnnxTensor } from '../../onnx/model.ts';
import { createNode } from '../../onnx/node.ts';
import { createTensor, shapeOf } from '../../onnx/tensor.ts';
import type { Calibration } from '../calibration.ts';
import type { SquareMatrix } from '../cholesky.ts';
import { crossProducts, gramMatrices, type FeaturePair, type Features } from '../gram.ts';
import type { LinearReader } from './reader-system.ts';
import { sideBySide } from './side-by-side.ts';

/** The sums a least-squares fit needs; where the reader has a bias, the last feature is a constant 1. */
export interface JointProducts {
  /** Features as they come in the current model, times themselves. */
  gram: SquareMatrix;
  /** The same features times what the reader put out in the original model: [features][outputs]. */
  cross: Float64Array;
}

/** The model that was given, and what has become of it so far: values have the same names and sizes. */
export interface ModelPair {
  original: OnnxModel;
  current: OnnxModel;
}

/** Runs both models side by side over the calibration data. */
export async function jointProducts(
  pair: ModelPair,
  readers: readonly LinearReader[],
  calibration: Calibration,
): Promise<JointProducts[]> {
  const { graph, nameInOriginal } = sideBySide(pair.original.graph, pair.current.graph);
  const addition: Addition = { graph, fresh: freshNames(graph), nodes: [], tensors: [] };
  const pairs = readers.flatMap((reader): FeaturePair[] => {
    const left = featuresOf(addition, reader);
    const right = outputsOf(addition, reader, nameInOriginal(reader.target.name));
    return [
      { left, right: left },
      { left, right },
    ];
  });
  const wanted = pairs.flatMap(({ left, right }) => [left.name, right.name]);
  const model = withAddition(pair.current, addition, wanted);
  const sums = await crossProducts(model, pairs, calibration);
  return readers.map((_, index) => ({
    gram: { size: pairs[2 * index]!.left.width, data: sums[2 * index]! },
    cross: sums[2 * index + 1]!,
  }));
}

/** The first of these sums alone, of a model as it is. */
export async function featureGrams(
  model: OnnxModel,
  readers: readonly LinearReader[],
  calibration: Calibration,
): Promise<SquareMatrix[]> {
  const { graph } = model;
  const addition: Addition = { graph, fresh: freshNames(graph), nodes: [], tensors: [] };
  const features = readers.map((reader) => featuresOf(addition, reader));
  const names = features.map(({ name }) => name);
  const grams = await gramMatrices(withAddition(model, addition, names), features, calibration);
  return names.map((name) => grams.get(name)!);
}

/** What it takes to compute some values. */
function withAddition(
  model: OnnxModel,
  { graph, nodes, tensors }: Addition,
  wanted: readonly string[],
): OnnxModel {
  const whole = changed(graph, {
    node: [...graph.node, ...nodes],
    initializer: [...graph.initializer, ...tensors],
  });
  return changed(model, { graph: neededPart(whole, wanted) });
}

interface Addition {
  graph: OnnxGraph;
  fresh: FreshName;
  nodes: OnnxNode[];
  tensors: OnnxTensor[];
}

/** [positions, features], a constant feature last where there is a bias. */
function featuresOf(addition: Addition, reader: LinearReader): Features {
  const { features, bias, node } = reader;
  const input = node.input[0] ?? '';
  const isLong = node.opType === 'Conv';
  const value = isLong ? patchesOf(addition, reader) : input;
  if (bias === null) return { name: value, width: features, isLong };
  const flat = asMatrix(addition, value, features);
  const pads = stored(addition, BigInt64Array.of(0n, 0n, 0n, 1n));
  const one = addition.fresh('features/one');
  addition.tensors.push(createTensor(one, { type: 'float32', shape: [], data: Float32Array.of(1) }));
  return {
    name: append(addition, { opType: 'Pad', inputs: [flat, pads, one] }),
    width: features + 1,
    isLong,
  };
}

/** What a convolution sees at each position, by a depthwise one with a kernel of a single 1 for each weight. */
function patchesOf(addition: Addition, { node, features, perPlace }: LinearReader): string {
  const kernel = addition.graph.initializer.find(({ name }) => name === node.input[1])!;
  const spatial = shapeOf(kernel).slice(2);
  const data = new Float32Array(features * perPlace);
  for (let feature = 0; feature < features; feature++) data[feature * perPlace + (feature % perPlace)] = 1;
  const name = addition.fresh('features/kernel');
  addition.tensors.push(createTensor(name, { type: 'float32', shape: [features, 1, ...spatial], data }));
  const output = addition.fresh('features/patches');
  const groups = features / elementCount(spatial);
  const bare = createNode({
    opType: 'Conv',
    name: output,
    inputs: [node.input[0] ?? '', name],
    outputs: [output],
    attributes: { group: { int: groups } },
  });
  const attribute = [...node.attribute.filter((given) => given.name !== 'group'), ...bare.attribute];
  addition.nodes.push(changed(bare, { attribute }));
  return channelsLast(addition, output, spatial.length);
}

function outputsOf(addition: Addition, { node, outputs, target }: LinearReader, wanted: string): Features {
  const value =
    target.besides === null ? wanted : append(addition, { opType: 'Sub', inputs: [wanted, target.besides] });
  if (node.opType !== 'Conv') return { name: value, width: outputs };
  const kernel = addition.graph.initializer.find(({ name }) => name === node.input[1])!;
  return { name: channelsLast(addition, value, kernel.dims.length - 2), width: outputs };
}

function channelsLast(addition: Addition, value: string, spatial: number): string {
  const axes = Array.from({ length: spatial }, (_, axis) => axis + 2);
  const attributes = { perm: { ints: [0, ...axes, 1] } };
  return append(addition, { opType: 'Transpose', inputs: [value], attributes });
}

function asMatrix(addition: Addition, value: string, width: number): string {
  const shape = stored(addition, BigInt64Array.of(-1n, BigInt(width)));
  return append(addition, { opType: 'Reshape', inputs: [value, shape] });
}

function stored(addition: Addition, data: BigInt64Array): string {
  const name = addition.fresh('features/sizes');
  addition.tensors.push(createTensor(name, { type: 'int64', shape: [data.length], data }));
  return name;
}

function append(
  addition: Addition,
  parts: { opType: string; inputs: string[]; attributes?: Record<string, { ints: number[] }> },
): string {
  const output = addition.fresh(`features/${parts.opType}`);
  addition.nodes.push(createNode({ ...parts, outputs: [output], name: output }));
  return output;
}
