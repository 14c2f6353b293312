import { LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { AssayError } from '../../../core/errors.ts';
import { elementTypeNumbers } from '../../onnx/element-type.ts';
import { createEmitter, type EmitterState } from './emitter.ts';
import { layerExports } from './registry.ts';
import type { Layer, Value } from './value.ts';

/** Layers that take integers as they are. */
const integerLayers = new Set(['Concatenate', 'Embedding', 'Flatten', 'Permute', 'RepeatVector', 'Reshape']);

/** The network, or one inside it: what enters it, by the id of its tensor, and how its layers are called. */
interface Network {
  known: Map<number, Value>;
  prefix: string;
}

/** Writes what tensors of a model depend on, given what enters it; a layer that is called twice is written twice with one set of weights. */
export function exportNetwork(
  tensors: readonly SymbolicTensor[],
  network: Network,
  state: EmitterState,
): Value[] {
  return tensors.map((tensor) => valueOf(tensor, network, state));
}

function valueOf(tensor: SymbolicTensor, network: Network, state: EmitterState): Value {
  const known = network.known.get(tensor.id);
  if (known !== undefined) return known;
  const { sourceLayer: layer, nodeIndex } = tensor;
  const inputs = listOf(layer.getInputAt(nodeIndex)).map((input) => valueOf(input, network, state));
  const outputs = listOf(layer.getOutputAt(nodeIndex));
  for (const [index, value] of callLayer({ layer, inputs, outputs }, network, state).entries()) {
    const output = outputs[index];
    if (output !== undefined) network.known.set(output.id, value);
  }
  const value = network.known.get(tensor.id);
  if (value === undefined) throw new Error(`internal: ${layer.name} did not put out ${tensor.name}`);
  return value;
}

interface Call {
  layer: Layer;
  inputs: readonly Value[];
  outputs: readonly SymbolicTensor[];
}

function callLayer({ layer, inputs, outputs }: Call, { prefix }: Network, state: EmitterState): Value[] {
  const scope = `${prefix}${layer.name}`;
  if (layer instanceof LayersModel) {
    const known = new Map(layer.inputs.map((input, index) => [input.id, inputOf(inputs, index)]));
    return exportNetwork(layer.outputs, { known, prefix: `${scope}/` }, state);
  }
  const emit = createEmitter(state, layer, scope);
  const name = layer.getClassName();
  const exporter = layerExports[name];
  if (exporter === undefined) throw unknownLayer(layer);
  const cast = (from: string): string =>
    emit.node('Cast', [from], { to: { int: elementTypeNumbers.float32 } });
  const taken = integerLayers.has(name) ? inputs : inputs.map((input) => asFloats(input, cast));
  return [exporter({ layer, inputs: taken, outputShape: outputs[0]?.shape ?? [], emit })];
}

/** A value with numbers instead of integers or truth values. */
function asFloats(value: Value, cast: (name: string) => string): Value {
  if (value.type === 'float32') return value;
  const [plain, channelsFirst] = [value.plain, value.channelsFirst].map((name) =>
    name === null ? null : cast(name),
  );
  return { shape: value.shape, type: 'float32', plain: plain ?? null, channelsFirst: channelsFirst ?? null };
}

function inputOf(inputs: readonly Value[], index: number): Value {
  const found = inputs[index];
  if (found === undefined) throw new Error(`internal: a model inside a model lacks input ${index}`);
  return found;
}

function listOf(tensors: SymbolicTensor | SymbolicTensor[]): SymbolicTensor[] {
  return Array.isArray(tensors) ? tensors : [tensors];
}

function unknownLayer(layer: Layer): AssayError {
  const message = `Layer "${layer.name}" (${layer.getClassName()}) cannot become ONNX.`;
  const known = Object.keys(layerExports).join(', ');
  return new AssayError('model-invalid', message, {
    hint: `Layers that can: ${known}, and models of them. As it is, the model runs on tfjs targets.`,
  });
}
