import { AssayError } from '../../core/errors.ts';
import type { TensorType } from '../../core/tensor.ts';
import { elementTypeName, elementTypeNumbers } from './element-type.ts';
import { freshNames } from './graph.ts';
import {
  changed,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type ValueInfo,
  type ValueType,
} from './model.ts';
import { createNode } from './node.ts';
import { onnx } from './proto/onnx.js';
import { renameValue } from './rename-value.ts';
import { carriedTypes, isCarried } from './tensor-specs.ts';

/** A model whose inputs and outputs are tensors that the binding of ONNX Runtime carries. */
export interface PlainModel {
  model: OnnxModel;
  /** What was changed to that end, a sentence each; none where nothing was. */
  changes: readonly string[];
}

/** What a value that the binding cannot carry becomes; every value of the first fits the second. */
const carriedInstead: Readonly<Record<string, TensorType>> = {
  bfloat16: 'float32',
  float8e4m3fn: 'float32',
  float8e4m3fnuz: 'float32',
  float8e5m2: 'float32',
  float8e5m2fnuz: 'float32',
  float16: 'float32',
  int4: 'int8',
  uint4: 'uint8',
};

/**
 * Puts a Cast before inputs and behind outputs of types that the binding does not carry, opens optional ones and takes out ZipMap,
 * which makes a map a row of a tensor of class scores. Outputs of another kind, such as sequences, are left out beside tensors. Throws
 * `model-invalid` for what is left that is no such tensor.
 */
export function withPlainTensors(model: OnnxModel): PlainModel {
  const { graph, changes } = model.graph.output.reduce(plainOutput, plainInputs(model.graph));
  return { model: changes.length === 0 ? model : changed(model, { graph }), changes };
}

/** As `withPlainTensors`, the inputs alone. */
export function withPlainInputs(graph: OnnxGraph): OnnxGraph {
  return plainInputs(graph).graph;
}

function plainInputs(graph: OnnxGraph): Plain {
  const stored = new Set(graph.initializer.map(({ name }) => name));
  return graph.input.filter(({ name }) => !stored.has(name)).reduce(plainInput, { graph, changes: [] });
}

interface Plain {
  graph: OnnxGraph;
  changes: readonly string[];
}

function plainInput(plain: Plain, input: ValueInfo): Plain {
  const { value, isOptional } = unwrapped(input);
  const type = typeOf(value);
  const { graph: wrapped, changes } = isOptional ? withWrapped(plain, value) : plain;
  if (isCarried({ type })) return { graph: wrapped, changes };
  const carried = instead('input', value);
  const inner = freshNames(wrapped)(`${input.name}_${type}`);
  const graph = withPort(renameValue(wrapped, input.name, inner), 'input', typed(value, carried));
  const cast = castNode({ from: input.name, to: inner, type: elementTypeOf(value) });
  return {
    graph: changed(graph, { node: [cast, ...graph.node] }),
    changes: [...changes, `input "${input.name}" takes ${carried} for ${type}`],
  };
}

/** Before opset 18 nothing takes a tensor for an optional one. */
function withWrapped({ graph, changes }: Plain, value: ValueInfo): Plain {
  const inner = freshNames(graph)(`${value.name}_optional`);
  const wrap = createNode({ opType: 'Optional', inputs: [value.name], outputs: [inner], name: inner });
  const wrapped = withPort(renameValue(graph, value.name, inner), 'input', value);
  return {
    graph: changed(wrapped, { node: [wrap, ...wrapped.node] }),
    changes: [...changes, `input "${value.name}" is always there`],
  };
}

function plainOutput(plain: Plain, output: ValueInfo): Plain {
  const zipMap = plain.graph.node.find(
    ({ opType, output: [made] }) => opType === 'ZipMap' && made === output.name,
  );
  if (zipMap !== undefined) return withoutZipMap(plain, zipMap, output);
  const { value, isOptional } = unwrapped(output);
  const type = typeOf(value);
  const opened = isOptional ? withOpened(plain, value) : plain;
  if (isCarried({ type })) return opened;
  if (!isTensor(value) && plain.graph.output.some((other) => other.name !== output.name && isTensor(other)))
    return withoutOutput(plain, output.name, type);
  const carried = instead('output', value);
  const inner = freshNames(opened.graph)(`${output.name}_${type}`);
  const graph = withPort(renameValue(opened.graph, output.name, inner), 'output', typed(value, carried));
  const cast = castNode({ from: inner, to: output.name, type: elementTypeNumbers[carried] });
  return {
    graph: changed(graph, { node: [...graph.node, cast] }),
    changes: [...opened.changes, `output "${output.name}" gives ${carried} for ${type}`],
  };
}

/** The tensor of scores takes the place of the list of maps; its type is left for ONNX Runtime to infer. */
function withoutZipMap({ graph, changes }: Plain, zipMap: OnnxNode, { name }: ValueInfo): Plain {
  const scores = zipMap.input[0] ?? '';
  const without = changed(graph, { node: graph.node.filter((node) => node !== zipMap) });
  if (graph.output.some((output) => output.name === scores)) {
    const output = graph.output.filter((one) => one.name !== name);
    const change = `ZipMap is taken out with output "${name}": output "${scores}" has its scores`;
    return { graph: changed(without, { output }), changes: [...changes, change] };
  }
  const port = onnx.ValueInfoProto.create({ name }) as ValueInfo;
  return {
    graph: withPort(renameValue(without, scores, name), 'output', port),
    changes: [...changes, `ZipMap is taken out: output "${name}" is a tensor with a column a class`],
  };
}

/** What nothing can take the place of, such as a sequence, is not missed where the model gives tensors, too. */
function withoutOutput({ graph, changes }: Plain, name: string, type: string): Plain {
  const output = graph.output.filter((one) => one.name !== name);
  return {
    graph: changed(graph, { output }),
    changes: [...changes, `output "${name}", ${type}, is left out`],
  };
}

/** Whether a value is a tensor that is carried, or that a Cast makes one of. */
function isTensor(value: ValueInfo): boolean {
  const type = typeOf(unwrapped(value).value);
  return isCarried({ type }) || carriedInstead[type] !== undefined;
}

function withOpened({ graph, changes }: Plain, value: ValueInfo): Plain {
  const inner = freshNames(graph)(`${value.name}_optional`);
  const open = createNode({
    opType: 'OptionalGetElement',
    inputs: [inner],
    outputs: [value.name],
    name: inner,
  });
  const renamed = renameValue(graph, value.name, inner);
  const opened = withPort(renamed, 'output', value);
  return {
    graph: changed(opened, { node: [...opened.node, open] }),
    changes: [...changes, `output "${value.name}" must be there`],
  };
}

function castNode({ from, to, type }: { from: string; to: string; type: number }): OnnxNode {
  return createNode({
    opType: 'Cast',
    inputs: [from],
    outputs: [to],
    name: `${from}_to_${elementTypeName(type)}`,
    attributes: { to: { int: type } },
  });
}

function withPort(graph: OnnxGraph, side: 'input' | 'output', port: ValueInfo): OnnxGraph {
  return changed(graph, { [side]: graph[side].map((one) => (one.name === port.name ? port : one)) });
}

function unwrapped(value: ValueInfo): { value: ValueInfo; isOptional: boolean } {
  const inner = value.type?.optionalType?.elemType ?? null;
  if (inner === null) return { value, isOptional: false };
  return { value: changed(value, { type: inner }), isOptional: true };
}

function typed(value: ValueInfo, type: TensorType): ValueInfo {
  const tensor = value.type?.tensorType ?? { elemType: 0 };
  const tensorType = changed(tensor, { elemType: elementTypeNumbers[type] });
  return changed(value, { type: onnx.TypeProto.create({ tensorType }) as ValueType });
}

function elementTypeOf({ type }: ValueInfo): number {
  return type?.tensorType?.elemType ?? 0;
}

/** In words where it is not a tensor. */
function typeOf({ type }: ValueInfo): string {
  return type === null ? 'of no type' : typeName(type);
}

function typeName(type: ValueType): string {
  if (present(type.tensorType)) return elementTypeName(type.tensorType.elemType);
  if (present(type.sequenceType)) return `a sequence of ${innerName(type.sequenceType.elemType)}`;
  if (present(type.optionalType)) return `an optional ${innerName(type.optionalType.elemType)}`;
  if (present(type.mapType))
    return `a map of ${elementTypeName(type.mapType.keyType)} to ${innerName(type.mapType.valueType)}`;
  return present(type.sparseTensorType) ? 'a sparse tensor' : 'of no type';
}

function innerName(type: ValueType | null): string {
  if (type === null) return 'something';
  return present(type.tensorType) ? `tensors of ${typeName(type)}` : typeName(type);
}

function present<Item>(item: Item | null | undefined): item is Item {
  return item !== null && item !== undefined;
}

/** Throws where there is nothing to take the place of a value. */
function instead(side: 'input' | 'output', value: ValueInfo): TensorType {
  const type = typeOf(value);
  const carried = carriedInstead[type];
  if (carried !== undefined) return carried;
  const accepted = [...new Set([...carriedTypes, ...Object.keys(carriedInstead)])].sort().join(', ');
  throw new AssayError(
    'model-invalid',
    `The ${side} "${value.name}" is ${type}; tensors of these types are accepted: ${accepted}.`,
    { hint: `Export the model with an ${side} that is such a tensor.` },
  );
}
