import type { onnx } from './proto/onnx.js';

/** A 64-bit integer of the file: exact as protobufjs's Long, a plain number where this program made it. */
export type Int64 = NonNullable<onnx.OperatorSetIdProto.$Properties['version']>;

/**
 * The parts of an ONNX file this program reads. Decoded messages carry every other field of the format too, unknown ones
 * included, so a message is changed with `changed`, never rebuilt.
 */
export interface OnnxModel {
  irVersion: Int64;
  producerName: string;
  opsetImport: OperatorSet[];
  graph: OnnxGraph;
  functions: OnnxFunction[];
  trainingInfo: TrainingInfo[];
}

interface OperatorSet {
  /** Empty for the ONNX operators themselves. */
  domain: string;
  version: Int64;
}

export interface OnnxGraph {
  name: string;
  node: OnnxNode[];
  initializer: OnnxTensor[];
  sparseInitializer: OnnxSparseTensor[];
  input: ValueInfo[];
  output: ValueInfo[];
  valueInfo: ValueInfo[];
}

export interface OnnxNode {
  name: string;
  opType: string;
  domain: string;
  /** Of the function called, where it has one. */
  overload: string;
  /** Names of values; empty for an optional input left out. */
  input: string[];
  output: string[];
  attribute: OnnxAttribute[];
}

interface OnnxAttribute {
  name: string;
  /** In functions: the attribute of the call that it stands for; empty elsewhere. */
  refAttrName?: string;
  type: number;
  f: number;
  i: Int64;
  s: Uint8Array;
  t: OnnxTensor | null;
  g: OnnxGraph | null;
  floats: number[];
  ints: Int64[];
  strings: Uint8Array[];
  tensors: OnnxTensor[];
  graphs: OnnxGraph[];
  sparseTensor: OnnxSparseTensor | null;
  sparseTensors: OnnxSparseTensor[];
}

/** A stored tensor: its values are in `rawData` or in the field of its type. */
export interface OnnxTensor {
  name: string;
  dims: Int64[];
  dataType: number;
  /** 1 where the values are in another file. */
  dataLocation: number;
  externalData: { key: string; value: string }[];
  rawData: Uint8Array;
  floatData: number[];
  doubleData: number[];
  int32Data: number[];
  int64Data: Int64[];
  uint64Data: Int64[];
  stringData: Uint8Array[];
}

export interface OnnxSparseTensor {
  values: OnnxTensor | null;
  indices: OnnxTensor | null;
  dims: Int64[];
}

export interface ValueInfo {
  name: string;
  type: ValueType | null;
}

/** One of these; a file may leave it out. */
export interface ValueType {
  tensorType?: { elemType: number; shape?: { dim: Dimension[] } | null } | null;
  sequenceType?: { elemType: ValueType | null } | null;
  optionalType?: { elemType: ValueType | null } | null;
  mapType?: { keyType: number; valueType: ValueType | null } | null;
  sparseTensorType?: object | null;
}

interface Dimension {
  dimValue?: Int64 | null;
  dimParam?: string | null;
}

export interface OnnxFunction {
  domain: string;
  name: string;
  /** Tells functions of one name apart. */
  overload: string;
  /** Names that its nodes have for what a call gives and gets; every file has them. */
  input?: string[];
  output?: string[];
  node: OnnxNode[];
  /** What its attributes are where a call does not say. */
  attributeProto?: OnnxAttribute[];
  /** Of its own nodes; every file has it. */
  opsetImport?: OperatorSet[];
}

interface TrainingInfo {
  initialization: OnnxGraph | null;
  algorithm: OnnxGraph | null;
}

/** A copy of a message with some fields replaced; everything else, unknown fields included, is shared with the original. */
export function changed<Message extends object>(message: Message, changes: Partial<Message>): Message {
  const prototype = Object.getPrototypeOf(message) as object;
  // Descriptors rather than values: a deferred tensor is not to be made for a copy.
  const fields = {
    ...Object.getOwnPropertyDescriptors(message),
    ...Object.getOwnPropertyDescriptors(changes),
  };
  return Object.create(prototype, fields) as Message;
}

/** The number of a 64-bit integer; exact up to 2^53. */
export function numberOf(value: Int64): number {
  return typeof value === 'number' ? value : value.toNumber();
}
