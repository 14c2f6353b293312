import * as z from 'zod';
import { onlyInput, settingsOf, type LayerExport } from './layer-export.ts';
import { imageName, imageValue } from './window.ts';

/** The value itself: what only matters while a network is trained. */
export const exportIdentity: LayerExport = (call) => onlyInput(call);

const imageSettings = z.object({ dataFormat: z.enum(['channelsLast', 'channelsFirst']).nullish() });

export const exportFlatten: LayerExport = (call) => {
  const { layer, emit, outputShape } = call;
  const { dataFormat } = settingsOf(layer, imageSettings);
  const input = onlyInput(call);
  const rank = input.shape.length;
  const plain = emit.plain(input);
  const perm = [0, ...Array.from({ length: rank - 2 }, (_, index) => index + 2), 1];
  const name =
    dataFormat === 'channelsFirst' && rank > 2
      ? emit.node('Transpose', [plain], { perm: { ints: perm } })
      : plain;
  return { ...input, shape: outputShape, plain: emit.node('Flatten', [name]), channelsFirst: null };
};

export const exportReshape: LayerExport = (call) => {
  const { layer, emit, outputShape } = call;
  const { targetShape } = settingsOf(layer, z.object({ targetShape: z.array(z.int().nullable()) }));
  const input = onlyInput(call);
  // 0 takes the batch as it is, -1 what is left.
  const sizes = emit.integers('shape', [
    0,
    ...targetShape.map((size) => (size === null || size < 0 ? -1 : size)),
  ]);
  const output = emit.node('Reshape', [emit.plain(input), sizes]);
  return { ...input, shape: outputShape, plain: output, channelsFirst: null };
};

export const exportPermute: LayerExport = (call) => {
  const { layer, emit, outputShape } = call;
  const { dims } = settingsOf(layer, z.object({ dims: z.array(z.int().positive()) }));
  const input = onlyInput(call);
  // What only moves the channels is there already, or will be when something asks for it.
  const isToLast = dims.every((dim, index) => dim === (index === dims.length - 1 ? 1 : index + 2));
  if (isToLast) return { ...input, shape: outputShape, plain: null, channelsFirst: emit.plain(input) };
  const isToFirst = dims.every((dim, index) => dim === (index === 0 ? dims.length : index));
  if (isToFirst)
    return { ...input, shape: outputShape, plain: emit.channelsFirst(input), channelsFirst: null };
  const output = emit.node('Transpose', [emit.plain(input)], { perm: { ints: [0, ...dims] } });
  return { ...input, shape: outputShape, plain: output, channelsFirst: null };
};

export const exportRepeatVector: LayerExport = (call) => {
  const { layer, emit, outputShape } = call;
  const { n } = settingsOf(layer, z.object({ n: z.int().positive() }));
  const input = onlyInput(call);
  const rows = emit.node('Unsqueeze', [emit.plain(input), emit.integers('axis', [1])]);
  const output = emit.node('Tile', [rows, emit.integers('repeats', [1, n, 1])]);
  return { ...input, shape: outputShape, plain: output, channelsFirst: null };
};

const pair = z.tuple([z.int().nonnegative(), z.int().nonnegative()]);

export const exportZeroPadding2d: LayerExport = (call) => {
  const { layer, emit, outputShape } = call;
  const { padding, dataFormat } = settingsOf(layer, imageSettings.extend({ padding: z.tuple([pair, pair]) }));
  const isChannelsFirst = dataFormat === 'channelsFirst';
  const [[top, bottom], [left, right]] = padding;
  const pads = emit.integers('pads', [0, 0, top, left, 0, 0, bottom, right]);
  const output = emit.node('Pad', [imageName(onlyInput(call), isChannelsFirst, emit), pads]);
  return imageValue(output, outputShape, isChannelsFirst);
};

export const exportCropping2d: LayerExport = (call) => {
  const { layer, emit, outputShape } = call;
  const { cropping, dataFormat } = settingsOf(
    layer,
    imageSettings.extend({ cropping: z.tuple([pair, pair]) }),
  );
  const isChannelsFirst = dataFormat === 'channelsFirst';
  const [[top, bottom], [left, right]] = cropping;
  const end = (cut: number): number => (cut === 0 ? Number.MAX_SAFE_INTEGER : -cut);
  const inputs = [
    imageName(onlyInput(call), isChannelsFirst, emit),
    emit.integers('starts', [top, left]),
    emit.integers('ends', [end(bottom), end(right)]),
    emit.integers('places', [2, 3]),
  ];
  return imageValue(emit.node('Slice', inputs), outputShape, isChannelsFirst);
};

const samplingSettings = imageSettings.extend({
  size: z.tuple([z.int().positive(), z.int().positive()]),
  interpolation: z.enum(['nearest', 'bilinear']),
});

/** TF.js measures places from the corner of an image, not from the middle of a pixel. */
export const exportUpSampling2d: LayerExport = (call) => {
  const { layer, emit, outputShape } = call;
  const { size, dataFormat, interpolation } = settingsOf(layer, samplingSettings);
  const isChannelsFirst = dataFormat === 'channelsFirst';
  const scales = emit.store('scales', { type: 'float32', shape: [4], data: Float32Array.of(1, 1, ...size) });
  const inputs = [imageName(onlyInput(call), isChannelsFirst, emit), '', scales];
  const output = emit.node('Resize', inputs, {
    mode: { string: interpolation === 'nearest' ? 'nearest' : 'linear' },
    coordinate_transformation_mode: { string: 'asymmetric' },
    nearest_mode: { string: 'floor' },
  });
  return imageValue(output, outputShape, isChannelsFirst);
};
