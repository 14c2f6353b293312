import type { Tensor } from '../../core/tensor.ts';
import type { OnnxNode } from './model.ts';
import { onnx } from './proto/onnx.js';
import { createTensor } from './tensor.ts';

/** The value of a node's attribute; the key says which of the format's kinds it is. */
type AttributeValue =
  | { int: number }
  | { ints: readonly number[] }
  | { float: number }
  | { floats: readonly number[] }
  | { string: string }
  | { tensor: Tensor };

/** What a node is made of. */
export interface NodeParts {
  opType: string;
  /** Names of values; an empty name leaves an optional input out. */
  inputs: readonly string[];
  outputs: readonly string[];
  name: string;
  /** Empty (the default) for an ONNX operator, `com.microsoft` for one of ONNX Runtime's own. */
  domain?: string;
  attributes?: Readonly<Record<string, AttributeValue>>;
}

/** What a node goes by for people: its name, or its first output where it has none. */
export function labelOf({ name, output }: OnnxNode): string {
  return name === '' ? (output[0] ?? '') : name;
}

/** A node of a graph. */
export function createNode(parts: NodeParts): OnnxNode {
  const attribute = Object.entries(parts.attributes ?? {}).map(([name, value]) => ({
    name,
    ...attributeFields(value),
  }));
  return onnx.NodeProto.create({
    name: parts.name,
    opType: parts.opType,
    input: [...parts.inputs],
    output: [...parts.outputs],
    attribute: attribute.map((fields) => onnx.AttributeProto.create(fields)),
    ...(parts.domain === undefined ? {} : { domain: parts.domain }),
  }) as OnnxNode;
}

/** Type numbers are those of `AttributeProto.AttributeType`. */
function attributeFields(value: AttributeValue): onnx.AttributeProto.$Properties {
  if ('int' in value) return { type: 2, i: value.int };
  if ('ints' in value) return { type: 7, ints: [...value.ints] };
  if ('float' in value) return { type: 1, f: value.float };
  if ('floats' in value) return { type: 6, floats: [...value.floats] };
  if ('string' in value) return { type: 3, s: new TextEncoder().encode(value.string) };
  return { type: 4, t: createTensor('', value.tensor) };
}
