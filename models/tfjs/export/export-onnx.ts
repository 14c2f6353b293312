import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { AssayError } from '../../../core/errors.ts';
import { buildGraph, type GraphBuilder } from '../../onnx/builder.ts';
import type { OnnxGraph, OnnxModel } from '../../onnx/model.ts';
import { countEach } from '../../passes/weights.ts';
import type { TfjsModel } from '../model.ts';
import { portNames } from '../names.ts';
import { createEmitter, type EmitterState } from './emitter.ts';
import { exportNetwork } from './export-network.ts';
import { unsupported } from './layer-export.ts';
import { withLayersModel } from './layers-model.ts';
import type { Shape, Value } from './value.ts';

/** A model as ONNX, and what was done in words. */
export interface Exported {
  model: OnnxModel;
  summary: string;
}

/**
 * Writes a layers model as ONNX with inputs and outputs of the same names, types and orders of axes. Throws `model-invalid` with
 * the layer that cannot be written, or for a graph model, whose operators are TensorFlow's.
 */
export async function exportOnnx(model: TfjsModel): Promise<Exported> {
  return withLayersModel(model, (network) => {
    refuseMask(network);
    const graph = buildGraph(network.name);
    const { inputs, outputs } = portNames(network);
    const known = new Map(
      network.inputs.map((tensor, index) => [tensor.id, addInput(graph, inputs[index] ?? '', tensor)]),
    );
    const state: EmitterState = { graph, names: new Set(inputs), stored: new Map() };
    const values = exportNetwork(network.outputs, { known, prefix: '' }, state);
    const ends = network.outputs.map(({ sourceLayer }, index): End => {
      const [name, value] = [outputs[index] ?? '', values[index]];
      if (value === undefined) throw new Error(`internal: no value for output ${name}`);
      return { name, value, from: createEmitter(state, sourceLayer, sourceLayer.name).plain(value) };
    });
    addOutputs(graph, ends);
    const made = graph.model();
    return { model: made, summary: summarise(network, made.graph) };
  });
}

/** A softmax leaves out what an embedding masks; ONNX has no such masks. Nothing else that is exported looks at them. */
function refuseMask({ layers }: LayersModel): void {
  const softmax = layers.find((layer) => layer.getClassName() === 'Softmax');
  const masking = layers.find((layer) => 'maskZero' in layer && layer.maskZero === true);
  if (softmax !== undefined && masking !== undefined)
    throw unsupported(softmax, `may get a mask from layer "${masking.name}", which ONNX cannot hand on`);
}

const types: Readonly<Record<string, Value['type'] | undefined>> = {
  bool: 'bool',
  float32: 'float32',
  int32: 'int32',
};

function addInput(graph: GraphBuilder, name: string, { shape, dtype }: SymbolicTensor): Value {
  const type = types[dtype];
  if (type === undefined) {
    const message = `Input "${name}" is ${dtype}; float32, int32 and bool can become ONNX.`;
    throw new AssayError('model-invalid', message);
  }
  graph.input(name, { type, shape: axesOf(name, shape) });
  return { shape, type, plain: name, channelsFirst: null };
}

function axesOf(name: string, shape: Shape): (number | string)[] {
  return shape.map((size, axis) => size ?? (axis === 0 ? 'batch' : `${name}_${axis}`));
}

/** An output of the model: its name, and that of the value inside the graph. */
interface End {
  name: string;
  value: Value;
  from: string;
}

/** Gives values the names of outputs; one that is an input, or leaves twice, goes through a node that hands it on. */
function addOutputs(graph: GraphBuilder, ends: readonly End[]): void {
  const { node } = graph.model().graph;
  const made = new Set(node.flatMap(({ output }) => output));
  const renamed = new Map<string, string>();
  for (const { name, value, from } of ends) {
    if (made.has(from) && !renamed.has(from)) renamed.set(from, name);
    else graph.node('Identity', [renamed.get(from) ?? from], { name: `${name}/Identity`, outputs: [name] });
    graph.output(name, { type: value.type, shape: axesOf(name, value.shape) });
  }
  for (const one of node) {
    one.input = one.input.map((name) => renamed.get(name) ?? name);
    one.output = one.output.map((name) => renamed.get(name) ?? name);
  }
}

function summarise({ layers }: LayersModel, { node }: OnnxGraph): string {
  const operators = countEach(node.map(({ opType }) => opType));
  return `written as ONNX from the ${layers.length} layers of a TF.js model: ${operators || 'no nodes'}`;
}
