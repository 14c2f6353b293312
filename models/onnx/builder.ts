import type { Tensor, TensorType } from '../../core/tensor.ts';
import { elementTypeNumbers } from './element-type.ts';
import type { OnnxGraph, OnnxModel, ValueInfo } from './model.ts';
import { createNode, type NodeParts } from './node.ts';
import { onnx } from './proto/onnx.js';
import { createTensor } from './tensor.ts';

/** An axis: a fixed size, or a name for one known only at run time, e.g. `batch`. */
type Axis = number | string;

/** What a node may be given besides its operator and inputs. */
type NodeOptions = Partial<Pick<NodeParts, 'attributes' | 'domain' | 'name' | 'outputs'>>;

/** A value that enters or leaves the graph. */
interface Port {
  type: TensorType;
  /** Left out where any number of axes will do. */
  shape?: readonly Axis[];
}

/** A graph under construction. Values are named; each method that makes one returns its name. */
export interface GraphBuilder {
  input(name: string, port: Port): string;
  initializer(name: string, tensor: Tensor): string;
  /** Appends a node and returns its first output: `options.outputs[0]`, or a name made from the operator. */
  node(opType: string, inputs: readonly string[], options?: NodeOptions): string;
  /** Declares a value as an output of the graph. */
  output(name: string, port: Port): void;
  /** The model so far: opset 21, IR 10; nodes in the order they were added, which must be an order they can run in. */
  model(): OnnxModel;
}

const irVersion = 10;
const opsetVersion = 21;

/** Starts an empty graph. */
export function buildGraph(name: string): GraphBuilder {
  const graph = onnx.GraphProto.create({ name }) as OnnxGraph;
  const nextNumber = (opType: string): number => graph.node.filter((node) => node.opType === opType).length;
  return {
    input: (inputName, port) => {
      graph.input.push(createValueInfo(inputName, port));
      return inputName;
    },
    initializer: (tensorName, tensor) => {
      graph.initializer.push(createTensor(tensorName, tensor));
      return tensorName;
    },
    node: (opType, inputs, options = {}) => {
      const nodeName = options.name ?? `${opType}_${nextNumber(opType)}`;
      const outputs = options.outputs ?? [`${nodeName}_output`];
      graph.node.push(createNode({ opType, inputs, ...options, name: nodeName, outputs }));
      return outputs[0] ?? '';
    },
    output: (outputName, port) => {
      graph.output.push(createValueInfo(outputName, port));
    },
    model: () => createModel(graph),
  };
}

function createModel(graph: OnnxGraph): OnnxModel {
  const ownDomains = [...new Set(graph.node.map((node) => node.domain))].filter((domain) => domain !== '');
  const opsetImport = [
    { domain: '', version: opsetVersion },
    ...ownDomains.map((domain) => ({ domain, version: 1 })),
  ];
  return onnx.ModelProto.create({ irVersion, producerName: 'assay', opsetImport, graph }) as OnnxModel;
}

function createValueInfo(name: string, port: Port): ValueInfo {
  const dim = port.shape?.map((axis) => (typeof axis === 'number' ? { dimValue: axis } : { dimParam: axis }));
  const shape = dim === undefined ? {} : { shape: { dim } };
  const tensorType = { elemType: elementTypeNumbers[port.type], ...shape };
  return onnx.ValueInfoProto.create({ name, type: { tensorType } }) as ValueInfo;
}
