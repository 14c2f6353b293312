import * as z from 'zod';
import { onlyInput, settingsOf, type LayerCall, type LayerExport } from './layer-export.ts';
import { plainValue, type Value } from './value.ts';
import { imageName, imageValue, perAxis, placesOf, windowAttributes, windowSettings } from './window.ts';

const settings = windowSettings.extend({
  poolSize: z.union([z.int().positive(), z.array(z.int().positive())]),
});

/** A pooling over windows; an average counts no padding, in TF.js as in ONNX. */
export function exportPooling(opType: 'MaxPool' | 'AveragePool', rank: number): LayerExport {
  return (call) => {
    const { layer, emit, outputShape } = call;
    const { poolSize, strides, padding, dataFormat } = settingsOf(layer, settings);
    const isChannelsFirst = dataFormat === 'channelsFirst';
    const input = onlyInput(call);
    const window = {
      size: perAxis(poolSize, rank),
      strides: perAxis(strides, rank),
      dilations: perAxis(1, rank),
      padding,
    };
    const attributes = windowAttributes(window, placesOf(input.shape, isChannelsFirst));
    const output = emit.node(opType, [imageName(input, isChannelsFirst, emit)], attributes);
    return imageValue(output, outputShape, isChannelsFirst);
  };
}

/** A pooling over all places. */
export function exportGlobalPooling(kind: 'Max' | 'Average'): LayerExport {
  return (call) => {
    const { dataFormat } = settingsOf(call.layer, windowSettings.pick({ dataFormat: true }));
    const isChannelsFirst = dataFormat === 'channelsFirst';
    const input = onlyInput(call);
    const isTurned = !isChannelsFirst && input.channelsFirst === null;
    if (isTurned) return reduced(call, input, kind);
    const { emit, outputShape } = call;
    const pooled = emit.node(`Global${kind}Pool`, [imageName(input, isChannelsFirst, emit)]);
    return plainValue(emit.node('Flatten', [pooled]), outputShape);
  };
}

/** Without turning the axes first. */
function reduced({ emit, outputShape }: LayerCall, input: Value, kind: 'Max' | 'Average'): Value {
  const places = Array.from({ length: input.shape.length - 2 }, (_, index) => index + 1);
  const inputs = [emit.plain(input), emit.integers('places', places)];
  const opType = kind === 'Max' ? 'ReduceMax' : 'ReduceMean';
  return plainValue(emit.node(opType, inputs, { keepdims: { int: 0 } }), outputShape);
}
