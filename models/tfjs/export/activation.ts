import * as z from 'zod';
import type { NodeParts } from '../../onnx/node.ts';
import type { Emitter } from './emitter.ts';
import {
  onlyInput,
  settingsOf,
  unsupported,
  weightOf,
  type LayerCall,
  type LayerExport,
} from './layer-export.ts';
import { positiveAxis, type Value } from './value.ts';

/** A node for each number by itself: its operator, further inputs and attributes. */
interface Elementwise {
  opType: string;
  inputs?: readonly string[];
  attributes?: NonNullable<NodeParts['attributes']>;
}

/** Applies an operator to each number, in whichever order of axes the value is. */
export function elementwise(value: Value, emit: Emitter, operator: Elementwise): Value {
  const { opType, inputs = [], attributes = {} } = operator;
  const name = value.channelsFirst ?? emit.plain(value);
  const output = emit.node(opType, [name, ...inputs], attributes);
  return value.channelsFirst === null
    ? { ...value, type: 'float32', plain: output }
    : { ...value, type: 'float32', plain: null, channelsFirst: output };
}

/** Activations of TF.js by name; those over an axis aside. */
const operators: Readonly<Record<string, Elementwise>> = {
  elu: { opType: 'Elu' },
  gelu: { opType: 'Gelu' },
  hardSigmoid: { opType: 'HardSigmoid', attributes: { alpha: { float: 0.2 }, beta: { float: 0.5 } } },
  mish: { opType: 'Mish' },
  relu: { opType: 'Relu' },
  selu: { opType: 'Selu' },
  sigmoid: { opType: 'Sigmoid' },
  softplus: { opType: 'Softplus' },
  softsign: { opType: 'Softsign' },
  tanh: { opType: 'Tanh' },
};

/** The setting `activation` that many layers have. */
export const activationName = z.string().default('linear');

/** Applies an activation to what a layer computed. */
export function activate(value: Value, name: string, { layer, emit }: LayerCall): Value {
  if (name === 'linear') return value;
  if (name === 'softmax') return alongAxis(value, -1, { emit, opType: 'Softmax' });
  if (name === 'logSoftmax') return alongAxis(value, -1, { emit, opType: 'LogSoftmax' });
  if (name === 'relu6') return clipped(value, 6, emit);
  if (name === 'swish') return swish(value, emit);
  const operator = operators[name];
  if (operator === undefined) throw unsupported(layer, `has the activation "${name}", which is not known`);
  return elementwise(value, emit, operator);
}

function swish(value: Value, emit: Emitter): Value {
  const name = value.channelsFirst ?? emit.plain(value);
  const gate = emit.node('Sigmoid', [name]);
  return elementwise(value, emit, { opType: 'Mul', inputs: [gate] });
}

/** Cut to 0 and above, and to `most` and below. */
function clipped(value: Value, most: number, emit: Emitter): Value {
  const limits = [0, most].map((limit) => scalar(emit, `limit_${limit}`, limit));
  return elementwise(value, emit, { opType: 'Clip', inputs: limits });
}

/** A float32 that a node takes as an input. */
export function scalar(emit: Emitter, name: string, value: number): string {
  return emit.store(name, { type: 'float32', shape: [], data: Float32Array.of(value) });
}

/** An operator along one axis, counted as TF.js does. */
function alongAxis(value: Value, axis: number, { emit, opType }: { emit: Emitter; opType: string }): Value {
  const isLast = positiveAxis(axis, value.shape) === value.shape.length - 1;
  if (isLast && value.channelsFirst !== null)
    return elementwise(value, emit, { opType, attributes: { axis: { int: 1 } } });
  const output = emit.node(opType, [emit.plain(value)], { axis: { int: isLast ? -1 : axis } });
  return { ...value, plain: output, channelsFirst: null };
}

export const exportActivation: LayerExport = (call) =>
  activate(
    onlyInput(call),
    settingsOf(call.layer, z.object({ activation: activationName })).activation,
    call,
  );

export const exportRelu: LayerExport = (call) => {
  const { maxValue } = settingsOf(call.layer, z.object({ maxValue: z.number().nullish() }));
  const input = onlyInput(call);
  return maxValue == null ? activate(input, 'relu', call) : clipped(input, maxValue, call.emit);
};

export const exportLeakyRelu: LayerExport = (call) => {
  const { alpha } = settingsOf(call.layer, z.object({ alpha: z.number() }));
  return elementwise(onlyInput(call), call.emit, {
    opType: 'LeakyRelu',
    attributes: { alpha: { float: alpha } },
  });
};

export const exportElu: LayerExport = (call) => activate(onlyInput(call), 'elu', call);

export const exportThresholdedRelu: LayerExport = (call) => {
  const { theta } = settingsOf(call.layer, z.object({ theta: z.number() }));
  return elementwise(onlyInput(call), call.emit, {
    opType: 'ThresholdedRelu',
    attributes: { alpha: { float: theta } },
  });
};

export const exportPrelu: LayerExport = (call) => {
  const { emit } = call;
  const input = onlyInput(call);
  const slopes = weightOf(call, 'alpha');
  const output = emit.node('PRelu', [emit.plain(input), emit.store('alpha', slopes)]);
  return { ...input, plain: output, channelsFirst: null };
};

export const exportSoftmax: LayerExport = (call) => {
  const { axis } = settingsOf(call.layer, z.object({ axis: z.union([z.int(), z.array(z.int())]) }));
  const axes = typeof axis === 'number' ? [axis] : axis;
  const [only] = axes;
  if (only === undefined || axes.length > 1)
    throw unsupported(call.layer, `runs over ${axes.length} axes; one is exported`);
  return alongAxis(onlyInput(call), only, { emit: call.emit, opType: 'Softmax' });
};
