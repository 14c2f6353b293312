import * as z from 'zod';
import { transposed } from './transposed.ts';
import { activate, activationName } from './activation.ts';
import {
  biasOf,
  onlyInput,
  settingsOf,
  unsupported,
  weightOf,
  type LayerCall,
  type LayerExport,
} from './layer-export.ts';
import type { FloatTensor, Value } from './value.ts';
import {
  imageName,
  imageValue,
  perAxis,
  placesOf,
  windowAttributes,
  windowSettings,
  type Window,
} from './window.ts';

const sizes = z.union([z.int().positive(), z.array(z.int().positive())]);
const settings = windowSettings.extend({
  kernelSize: sizes,
  dilationRate: sizes.default(1),
  activation: activationName,
});

/** What the convolutions of TF.js have in common. */
interface Convolution {
  window: Window;
  isChannelsFirst: boolean;
  activation: string;
}

function convolutionOf({ layer }: LayerCall, rank: number): Convolution {
  const { kernelSize, strides, dilationRate, padding, dataFormat, activation } = settingsOf(layer, settings);
  if (padding === 'causal') throw unsupported(layer, 'pads "causal", which TF.js cannot run either');
  const [size, stride, dilations] = [kernelSize, strides, dilationRate].map((one) => perAxis(one, rank));
  const window = { size: size ?? [], strides: stride ?? [], dilations: dilations ?? [], padding };
  return { window, isChannelsFirst: dataFormat === 'channelsFirst', activation };
}

/** [places..., in, out] to ONNX's [out, in, places...]. */
function outputsFirst(kernel: FloatTensor): FloatTensor {
  const rank = kernel.shape.length;
  return transposed(kernel, [rank - 1, rank - 2, ...Array.from({ length: rank - 2 }, (_, axis) => axis)]);
}

function exportConvolution(call: LayerCall, rank: number): Value {
  const { emit, outputShape } = call;
  const input = onlyInput(call);
  const { window, isChannelsFirst, activation } = convolutionOf(call, rank);
  // The settings a 1D convolution tells leave this one out.
  if (rank === 1 && 'dataFormat' in call.layer && call.layer.dataFormat === 'channelsFirst')
    throw unsupported(call.layer, 'takes channels first, which TF.js itself does not give back so');
  const kernel = emit.store('kernel', outputsFirst(weightOf(call, 'kernel')));
  const inputs = [imageName(input, isChannelsFirst, emit), kernel, ...biasOf(call)];
  const attributes = windowAttributes(window, placesOf(input.shape, isChannelsFirst));
  const output = emit.node('Conv', inputs, attributes);
  return activate(imageValue(output, outputShape, isChannelsFirst), activation, call);
}

export const exportConv1d: LayerExport = (call) => exportConvolution(call, 1);
export const exportConv2d: LayerExport = (call) => exportConvolution(call, 2);

/** [height, width, in, multiplier] to ONNX's [in * multiplier, 1, height, width]. */
function depthwiseKernel(kernel: FloatTensor): FloatTensor {
  const [height = 0, width = 0, channels = 0, multiplier = 0] = kernel.shape;
  return { ...transposed(kernel, [2, 3, 0, 1]), shape: [channels * multiplier, 1, height, width] };
}

/** A convolution of each channel by itself. */
function depthwise(call: LayerCall, convolution: Convolution, bias: readonly string[]): string {
  const { emit } = call;
  const input = onlyInput(call);
  const { window, isChannelsFirst } = convolution;
  const weight = weightOf(call, 'depthwise_kernel');
  const kernel = emit.store('depthwise_kernel', depthwiseKernel(weight));
  return emit.node('Conv', [imageName(input, isChannelsFirst, emit), kernel, ...bias], {
    ...windowAttributes(window, placesOf(input.shape, isChannelsFirst)),
    group: { int: weight.shape[2] ?? 1 },
  });
}

export const exportDepthwiseConv2d: LayerExport = (call) => {
  const { window, ...convolution } = convolutionOf(call, 2);
  // TF.js reads a dilation rate and convolves without.
  const undilated = { ...convolution, window: { ...window, dilations: [1, 1] } };
  const output = depthwise(call, undilated, biasOf(call));
  return activate(
    imageValue(output, call.outputShape, convolution.isChannelsFirst),
    convolution.activation,
    call,
  );
};

export const exportSeparableConv2d: LayerExport = (call) => {
  const { emit, layer, outputShape } = call;
  const convolution = convolutionOf(call, 2);
  if (convolution.isChannelsFirst)
    throw unsupported(layer, 'takes channels first, to which TF.js adds the bias along another axis');
  const places = depthwise(call, convolution, []);
  const kernel = emit.store('pointwise_kernel', outputsFirst(weightOf(call, 'pointwise_kernel')));
  const output = emit.node('Conv', [places, kernel, ...biasOf(call)], { kernel_shape: { ints: [1, 1] } });
  return activate(imageValue(output, outputShape, false), convolution.activation, call);
};

/** [height, width, out, in] to ONNX's [in, out, height, width]. */
export const exportConv2dTranspose: LayerExport = (call) => {
  const { emit, layer, outputShape } = call;
  const { window, isChannelsFirst, activation } = convolutionOf(call, 2);
  if (window.dilations.some((dilation) => dilation !== 1)) throw unsupported(layer, 'is dilated');
  const kernel = emit.store('kernel', transposed(weightOf(call, 'kernel'), [3, 2, 0, 1]));
  const inputs = [imageName(onlyInput(call), isChannelsFirst, emit), kernel, ...biasOf(call)];
  const spare = window.size.map((size, axis) => size - (window.strides[axis] ?? 1));
  const cut = spare.map((count) => (window.padding === 'same' ? Math.max(0, count) : 0));
  const pads = [...cut.map((count) => Math.floor(count / 2)), ...cut.map((count) => Math.ceil(count / 2))];
  const output = emit.node('ConvTranspose', inputs, {
    kernel_shape: { ints: window.size },
    strides: { ints: window.strides },
    pads: { ints: pads },
    output_padding: { ints: spare.map((count) => Math.max(0, -count)) },
  });
  return activate(imageValue(output, outputShape, isChannelsFirst), activation, call);
};
