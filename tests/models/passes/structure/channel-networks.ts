import type { OnnxModel } from '../../../../models/onnx/model.ts';
import { draw, padded, type Drawing } from '../drawing.ts';

/** Networks whose channels are taken apart, put in another order or normalised in groups. */
export const channelNetworks: Readonly<Record<string, () => OnnxModel>> = {
  'channels taken by Slice': sliced,
  'channels taken by Gather': gathered,
  'shuffled channels': () => shuffled(({ sizes }, _, shape) => sizes(-1, ...shape)),
  'channels normalised in groups': () => groupNormalised(inOneNode),
  'channels normalised in groups as exported': () => groupNormalised(asExported, 'any size'),
  'channels normalised in groups as exported for one size': () => groupNormalised(asExportedStatic),
  'grouped transposed convolution': groupedTransposed,
  'depthwise transposed convolution': depthwiseTransposed,
};

const images = { type: 'float32', shape: ['batch', 2, 4, 4] } as const;
const maps = { type: 'float32', shape: ['batch', 3, 4, 4] } as const;
const channelAxis = { attributes: { axis: { int: 1 } } };

/** As in a cross stage partial block: one half goes through convolutions, the other past them. */
function sliced(): OnnxModel {
  const { graph, weight, sizes } = draw('slice');
  const x = graph.input('x', images);
  const whole = graph.node('Relu', [graph.node('Conv', [x, weight(16, 2, 3, 3), weight(16)], padded)]);
  const past = graph.node('Slice', [whole, sizes(0), sizes(6), sizes(1)]);
  const part = graph.node('Slice', [whole, sizes(0, -10), sizes(9, 2 ** 40), sizes(2, 1), sizes(1, 1)]);
  const inner = graph.node('Relu', [graph.node('Conv', [part, weight(12, 10, 1, 1), weight(12)])]);
  const sum = graph.node('Add', [part, graph.node('Conv', [inner, weight(10, 12, 3, 3)], padded)]);
  const joined = graph.node('Concat', [sum, past], channelAxis);
  graph.node('Conv', [joined, weight(3, 16, 1, 1), weight(3)], { outputs: ['y'] });
  graph.output('y', maps);
  return graph.model();
}

function gathered(): OnnxModel {
  const { graph, weight, sizes } = draw('gather');
  const x = graph.input('x', images);
  const whole = graph.node('Relu', [graph.node('Conv', [x, weight(12, 2, 3, 3), weight(12)], padded)]);
  // Some in another order, one of them twice, and not all.
  const taken = graph.node('Gather', [whole, sizes(11, 2, -6, 2, 0, 9, 4)], channelAxis);
  const first = graph.node('Conv', [graph.node('Tanh', [taken]), weight(3, 7, 1, 1), weight(3)]);
  const second = graph.node('Conv', [whole, weight(3, 12, 1, 1)]);
  graph.node('Add', [first, second], { outputs: ['y'] });
  graph.output('y', maps);
  return graph.model();
}

/** Where a Reshape has the sizes of what it makes from, those of a sample given. */
export type SizesFor = (drawing: Drawing, value: string, sizes: readonly number[]) => string;

/** As in ShuffleNet: what grouped convolutions and halves keep apart, a shuffle mixes. */
export function shuffled(sizesFor: SizesFor): OnnxModel {
  const drawing = draw('shuffle');
  const { graph, weight, sizes } = drawing;
  const x = graph.input('x', images);
  const perm = { attributes: { perm: { ints: [0, 2, 1, 3, 4] } } };
  const mixed = (value: string, groups: number, channels: number): string => {
    const shape = sizesFor(drawing, value, [groups, channels / groups, 4, 4]);
    const turned = graph.node('Transpose', [graph.node('Reshape', [value, shape])], perm);
    return graph.node('Reshape', [turned, sizesFor(drawing, value, [channels, 4, 4])]);
  };
  const whole = graph.node('Relu', [graph.node('Conv', [x, weight(24, 2, 3, 3), weight(24)], padded)]);
  const attributes = { group: { int: 2 } };
  const apart = graph.node('Relu', [
    graph.node('Conv', [mixed(whole, 2, 24), weight(24, 12, 1, 1)], { attributes }),
  ]);
  const [left, right] = ['left', 'right'];
  graph.node('Split', [mixed(apart, 3, 24), sizes(8, 16)], { outputs: [left, right], ...channelAxis });
  const inner = graph.node('Relu', [graph.node('Conv', [right, weight(8, 16, 1, 1), weight(8)])]);
  const joined = mixed(graph.node('Concat', [left, inner], channelAxis), 2, 16);
  graph.node('Conv', [joined, weight(3, 16, 1, 1), weight(3)], { outputs: ['y'] });
  graph.output('y', maps);
  return graph.model();
}

type Normalise = (drawing: Drawing, value: string, given: { channels: number; groups: number }) => string;

/** A residual block of 16 channels in 8 groups, and one of 12 in 4 inside. */
function groupNormalised(normalise: Normalise, size: 'any size' | 'one size' = 'one size'): OnnxModel {
  const drawing = draw('groups');
  const { graph, weight } = drawing;
  const places = size === 'any size' ? ['height', 'width'] : [4, 4];
  const x = graph.input('x', { type: 'float32', shape: ['batch', 2, ...places] });
  const normal = (value: string, channels: number, groups: number): string =>
    graph.node('Relu', [normalise(drawing, value, { channels, groups })]);
  const stem = normal(graph.node('Conv', [x, weight(16, 2, 3, 3), weight(16)], padded), 16, 8);
  const inner = normal(graph.node('Conv', [stem, weight(12, 16, 1, 1), weight(12)]), 12, 4);
  const block = normal(graph.node('Conv', [inner, weight(16, 12, 3, 3), weight(16)], padded), 16, 8);
  const sum = graph.node('Add', [stem, block]);
  graph.node('Conv', [sum, weight(3, 16, 1, 1), weight(3)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 3, ...places] });
  return graph.model();
}

function inOneNode(
  { graph, weight }: Drawing,
  value: string,
  { channels, groups }: Parameters<Normalise>[2],
): string {
  const attributes = { num_groups: { int: groups } };
  return graph.node('GroupNormalization', [value, weight(channels), weight(channels)], { attributes });
}

function asExported(drawing: Drawing, value: string, given: Parameters<Normalise>[2]): string {
  const { graph, sizes } = drawing;
  const rows = graph.node('Reshape', [value, sizes(0, given.groups, -1)]);
  const back = graph.node('Shape', [value]);
  return normalisedRows(drawing, { ...given, rows, back });
}

function asExportedStatic(drawing: Drawing, value: string, given: Parameters<Normalise>[2]): string {
  const { graph, sizes } = drawing;
  const { channels, groups } = given;
  const rows = graph.node('Reshape', [value, sizes(-1, groups, (16 * channels) / groups)]);
  return normalisedRows(drawing, { ...given, rows, back: sizes(-1, channels, 4, 4) });
}

/** InstanceNormalization adds and scales nothing; that comes after, channel by channel. */
function normalisedRows(
  { graph, weight }: Drawing,
  { channels, groups, rows, back }: Parameters<Normalise>[2] & { rows: string; back: string },
): string {
  const stored = (name: string, value: number): string =>
    graph.initializer(`${name}_of_${rows}`, {
      type: 'float32',
      shape: [groups],
      data: new Float32Array(groups).fill(value),
    });
  const normal = graph.node('InstanceNormalization', [rows, stored('scale', 1), stored('shift', 0)]);
  const scaled = graph.node('Mul', [graph.node('Reshape', [normal, back]), weight(channels, 1, 1)]);
  return graph.node('Add', [scaled, weight(channels, 1, 1)]);
}

function groupedTransposed(): OnnxModel {
  const { graph, weight } = draw('transposed');
  const x = graph.input('x', images);
  const whole = graph.node('Relu', [graph.node('Conv', [x, weight(12, 2, 1, 1), weight(12)])]);
  const attributes = { group: { int: 2 }, strides: { ints: [2, 2] } };
  const grown = graph.node('Relu', [
    graph.node('ConvTranspose', [whole, weight(12, 8, 2, 2), weight(16)], { attributes }),
  ]);
  graph.node('Conv', [grown, weight(3, 16, 1, 1), weight(3)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 3, 8, 8] });
  return graph.model();
}

/** Each channel is made larger by itself, to one of its own and to two. */
function depthwiseTransposed(): OnnxModel {
  const { graph, weight } = draw('transposed');
  const x = graph.input('x', images);
  const whole = graph.node('Relu', [graph.node('Conv', [x, weight(8, 2, 1, 1), weight(8)])]);
  const attributes = { group: { int: 8 }, strides: { ints: [2, 2] } };
  const outputs = [1, 2].map((times) => {
    const kernels = [weight(8, times, 2, 2), weight(8 * times)];
    const grown = graph.node('Relu', [graph.node('ConvTranspose', [whole, ...kernels], { attributes })]);
    return graph.node('Conv', [grown, weight(3, 8 * times, 1, 1), weight(3)]);
  });
  graph.node('Add', outputs, { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 3, 8, 8] });
  return graph.model();
}
