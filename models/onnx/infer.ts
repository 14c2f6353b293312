import { storedBytes } from './external-data.ts';
import {
  changed,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type ValueInfo,
} from './model.ts';
import { createNode } from './node.ts';
import { onnx } from './proto/onnx.js';
import { openSession } from './session.ts';

/** What ONNX Runtime knows of a value before it runs: null is an axis whose size depends on the inputs. */
export interface InferredValue {
  /** As ONNX Runtime spells it, e.g. `float32`. */
  type: string;
  shape: readonly (number | null)[];
}

/**
 * Types and shapes of the inputs and of every tensor a node of the graph itself makes (values inside subgraphs aside), by name.
 * ONNX Runtime infers them, from outputs without a type. Throws `model-invalid` where it refuses the model.
 */
export async function inferValues(model: OnnxModel): Promise<ReadonlyMap<string, InferredValue>> {
  const { graph } = model;
  const known = new Map(graph.output.map((output) => [output.name, output]));
  const made = graph.node.flatMap(({ output }) => output.filter((name) => name !== ''));
  const output = made.map((name) => known.get(name) ?? (onnx.ValueInfoProto.create({ name }) as ValueInfo));
  const light = withoutWeights(changed(graph, { output, node: graph.node.map(asInferred) }));
  const session = await openSession(changed(model, { graph: light }), {
    graphOptimizationLevel: 'disabled',
    intraOpNumThreads: 1,
  });
  const own = new Set([...graph.input.map(({ name }) => name), ...made]);
  const values = [...session.inputs, ...session.outputs].filter(({ name }) => own.has(name));
  session.close();
  return new Map(values.flatMap(({ name, type, shape }) => (type === null ? [] : [[name, { type, shape }]])));
}

/** Operators of the same type and shape as others, through which ONNX Runtime infers less, and how many inputs they take. */
const standIns: Readonly<Record<string, { opType: string; inputs: number }>> = {
  GroupNormalization: { opType: 'Identity', inputs: 1 },
  GreaterOrEqual: { opType: 'Greater', inputs: 2 },
  LessOrEqual: { opType: 'Less', inputs: 2 },
};

function asInferred(node: OnnxNode): OnnxNode {
  const standIn = node.domain === '' ? standIns[node.opType] : undefined;
  if (standIn === undefined) return node;
  const { name, input, output } = node;
  const inputs = input.slice(0, standIn.inputs);
  return createNode({ opType: standIn.opType, name, inputs, outputs: output });
}

/** Shapes may depend on the values of smaller tensors, such as the sizes of a Reshape. */
const leastWeightBytes = 1024;

/** The graph with its larger stored tensors as inputs: of those, types and shapes are all that matters. */
function withoutWeights(graph: OnnxGraph): OnnxGraph {
  const weights = graph.initializer.filter((tensor) => storedBytes(tensor) >= leastWeightBytes);
  return withInputsFor(graph, weights);
}

/** The graph with inputs in place of some of its stored tensors. */
export function withInputsFor(graph: OnnxGraph, tensors: readonly OnnxTensor[]): OnnxGraph {
  const known = new Set(graph.input.map(({ name }) => name));
  const replaced = new Set(tensors);
  return changed(graph, {
    initializer: graph.initializer.filter((tensor) => !replaced.has(tensor)),
    input: [...graph.input, ...tensors.filter(({ name }) => !known.has(name)).map(inputOf)],
  });
}

function inputOf({ name, dataType, dims }: OnnxTensor): ValueInfo {
  const tensorType = { elemType: dataType, shape: { dim: dims.map((dimValue) => ({ dimValue })) } };
  return onnx.ValueInfoProto.create({ name, type: { tensorType } }) as ValueInfo;
}
