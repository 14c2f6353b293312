import type { OnnxModel } from '../../../../models/onnx/model.ts';
import { channelNetworks } from './channel-networks.ts';
import { draw, padded, type Drawing } from '../drawing.ts';

/** A small seeded network for each way units can depend on each other. */
export const networks: Readonly<Record<string, () => OnnxModel>> = {
  'Gemm layers': gemmLayers,
  'MatMul with Add': matMulLayers,
  'gated neurons': gated,
  'split neurons': split,
  'convolution, flatten and Gemm': convolutionFlatten,
  'residual sum with batch normalisation': residual,
  'bottlenecks with a projected shortcut': bottlenecks,
  'inverted residuals': invertedResiduals,
  'channels joined by Concat': concatenated,
  'a decoder with a skip connection': decoder,
  'depthwise convolution': depthwise,
  'padded convolution': padding,
  'grouped convolution': grouped,
  'pooled channels': pooled,
  ...channelNetworks,
  'attention heads': () => attention(apartHeads),
  'attention heads of packed projections': () => attention(packedHeads),
  'attention heads gathered from one projection': () => attention(gatheredHeads),
  'attention heads of one projection that is stored head by head': () => attention(headsInTurn),
  'attention heads squeezed from one projection': () => attention(squeezedHeads),
};

function gemmLayers(): OnnxModel {
  const { graph, weight } = draw('gemm');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 6] });
  const transposed = { attributes: { transB: { int: 1 } } };
  const first = graph.node('Relu', [graph.node('Gemm', [x, weight(16, 6), weight(16)], transposed)]);
  const second = graph.node('Relu', [graph.node('Gemm', [first, weight(16, 8)])]);
  graph.node('Gemm', [second, weight(8, 3), weight(3)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 3] });
  return graph.model();
}

function matMulLayers(): OnnxModel {
  const { graph, weight } = draw('matmul');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 'length', 6] });
  const sum = graph.node('Add', [graph.node('MatMul', [x, weight(6, 16)]), weight(16)]);
  const scaled = graph.node('Mul', [graph.node('Relu', [sum]), weight(1, 1, 16)]);
  graph.node('Add', [graph.node('MatMul', [scaled, weight(16, 4)]), weight(4)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 'length', 4] });
  return graph.model();
}

function gated(): OnnxModel {
  const { graph, weight } = draw('gated');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 6] });
  const gate = graph.node('Sigmoid', [graph.node('MatMul', [x, weight(6, 16)])]);
  const product = graph.node('Mul', [gate, graph.node('MatMul', [x, weight(6, 16)])]);
  graph.node('MatMul', [product, weight(16, 4)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 4] });
  return graph.model();
}

function split(): OnnxModel {
  const { graph, weight, sizes } = draw('split');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 6] });
  const both = graph.node('MatMul', [x, weight(6, 24)]);
  const [left, right] = ['left', 'right'];
  graph.node('Split', [both, sizes(8, 16)], { outputs: [left, right], attributes: { axis: { int: 1 } } });
  const first = graph.node('MatMul', [graph.node('Relu', [left]), weight(8, 4)]);
  const second = graph.node('MatMul', [graph.node('Relu', [right]), weight(16, 4)]);
  graph.node('Add', [first, second], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 4] });
  return graph.model();
}

function convolutionFlatten(): OnnxModel {
  const { graph, weight } = draw('flatten');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 2, 6, 6] });
  const maps = graph.node('Relu', [graph.node('Conv', [x, weight(8, 2, 3, 3), weight(8)], padded)]);
  const attributes = { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } };
  const flat = graph.node('Flatten', [graph.node('MaxPool', [maps], { attributes })]);
  const hidden = graph.node('Relu', [graph.node('Gemm', [flat, weight(72, 16), weight(16)])]);
  graph.node('Gemm', [hidden, weight(16, 3)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 3] });
  return graph.model();
}

function residual(): OnnxModel {
  const drawing = draw('residual');
  const { graph, weight } = drawing;
  const x = graph.input('x', { type: 'float32', shape: ['batch', 2, 5, 5] });
  const stem = graph.node('Relu', [
    normalised(drawing, graph.node('Conv', [x, weight(8, 2, 3, 3)], padded), 8),
  ]);
  const inner = graph.node('Relu', [graph.node('Conv', [stem, weight(12, 8, 1, 1)])]);
  const block = normalised(drawing, graph.node('Conv', [inner, weight(8, 12, 3, 3)], padded), 8);
  const sum = graph.node('Relu', [graph.node('Add', [stem, block])]);
  graph.node('Conv', [sum, weight(3, 8, 1, 1), weight(3)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 3, 5, 5] });
  return graph.model();
}

/** As in ResNet: a block that changes the width, with a shortcut of its own, and one that does not; each sum goes on to both branches. */
function bottlenecks(): OnnxModel {
  const drawing = draw('bottlenecks');
  const { graph, weight } = drawing;
  const conv = (value: string, kernel: string, options = {}): string =>
    normalised(drawing, graph.node('Conv', [value, kernel], options), kernelOutputs(drawing, kernel));
  let value = graph.node('Relu', [
    conv(graph.input('x', { type: 'float32', shape: ['batch', 2, 5, 5] }), weight(8, 2, 3, 3), padded),
  ]);
  for (const [inputs, width, outputs] of [
    [8, 4, 16],
    [16, 4, 16],
  ] as const) {
    const narrow = graph.node('Relu', [conv(value, weight(width, inputs, 1, 1))]);
    const mixed = graph.node('Relu', [conv(narrow, weight(width, width, 3, 3), padded)]);
    const wide = conv(mixed, weight(outputs, width, 1, 1));
    const shortcut = inputs === outputs ? value : conv(value, weight(outputs, inputs, 1, 1));
    value = graph.node('Relu', [graph.node('Add', [wide, shortcut])]);
  }
  const flat = graph.node('Flatten', [graph.node('GlobalAveragePool', [value])]);
  graph.node('Gemm', [flat, weight(16, 3), weight(3)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 3] });
  return graph.model();
}

function kernelOutputs({ graph }: Drawing, kernel: string): number {
  return Number(graph.model().graph.initializer.find(({ name }) => name === kernel)?.dims[0]);
}

/** As in MobileNetV2, with biases in place of normalisation: the narrow ends are summed without a clamp between. */
function invertedResiduals(): OnnxModel {
  const { graph, weight } = draw('inverted');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 2, 4, 4] });
  let value = graph.node('Conv', [x, weight(8, 2, 3, 3), weight(8)], padded);
  for (let block = 0; block < 2; block++) {
    const wide = graph.node('Relu', [graph.node('Conv', [value, weight(16, 8, 1, 1), weight(16)])]);
    const attributes = { ...padded.attributes, group: { int: 16 } };
    const deep = graph.node('Relu', [
      graph.node('Conv', [wide, weight(16, 1, 3, 3), weight(16)], { attributes }),
    ]);
    value = graph.node('Add', [value, graph.node('Conv', [deep, weight(8, 16, 1, 1), weight(8)])]);
  }
  graph.node('Conv', [value, weight(3, 8, 1, 1)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 3, 4, 4] });
  return graph.model();
}

function normalised({ graph, weight }: Drawing, value: string, channels: number): string {
  const variance = graph.initializer(`variance_of_${value}`, {
    type: 'float32',
    shape: [channels],
    data: new Float32Array(channels).fill(1.5),
  });
  return graph.node('BatchNormalization', [
    value,
    weight(channels),
    weight(channels),
    weight(channels),
    variance,
  ]);
}

function concatenated(): OnnxModel {
  const { graph, weight } = draw('concat');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 2, 4, 4] });
  const left = graph.node('Relu', [graph.node('Conv', [x, weight(8, 2, 1, 1)])]);
  const right = graph.node('Relu', [graph.node('Conv', [x, weight(16, 2, 3, 3)], padded)]);
  const joined = graph.node('Concat', [left, x, right], { attributes: { axis: { int: 1 } } });
  graph.node('Conv', [joined, weight(3, 26, 1, 1)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 3, 4, 4] });
  return graph.model();
}

/** As in a U-Net: down by a stride, up by Resize and by a transposed convolution, with what was before on the way joined again. */
function decoder(): OnnxModel {
  const drawing = draw('decoder');
  const { graph, weight } = drawing;
  const x = graph.input('x', { type: 'float32', shape: ['batch', 2, 8, 8] });
  const normal = (value: string, channels: number): string =>
    graph.node('Relu', [graph.node('InstanceNormalization', [value, weight(channels), weight(channels)])]);
  const before = normal(graph.node('Conv', [x, weight(8, 2, 3, 3), weight(8)], padded), 8);
  const down = { attributes: { ...padded.attributes, strides: { ints: [2, 2] } } };
  const up = { attributes: { strides: { ints: [2, 2] } } };
  const small = normal(graph.node('Conv', [before, weight(16, 8, 3, 3), weight(16)], down), 16);
  const smallest = graph.node('Relu', [graph.node('Conv', [small, weight(12, 16, 3, 3)], down)]);
  const scales = graph.initializer('scales', {
    type: 'float32',
    shape: [4],
    data: Float32Array.of(1, 1, 2, 2),
  });
  const larger = graph.node('Resize', [smallest, '', scales], {
    attributes: { mode: { string: 'nearest' } },
  });
  const wide = graph.node('Relu', [graph.node('Conv', [larger, weight(16, 12, 1, 1), weight(16)])]);
  const grown = graph.node('Relu', [graph.node('ConvTranspose', [wide, weight(16, 8, 2, 2), weight(8)], up)]);
  const joined = graph.node('Concat', [grown, before], { attributes: { axis: { int: 1 } } });
  graph.node('Conv', [joined, weight(3, 16, 1, 1), weight(3)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 3, 8, 8] });
  return graph.model();
}

function depthwise(): OnnxModel {
  const { graph, weight } = draw('depthwise');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 2, 4, 4] });
  const wide = graph.node('Relu', [graph.node('Conv', [x, weight(8, 2, 1, 1), weight(8)])]);
  const attributes = { ...padded.attributes, group: { int: 8 } };
  const deep = graph.node('Conv', [wide, weight(16, 1, 3, 3), weight(16)], { attributes });
  graph.node('Conv', [graph.node('Relu', [deep]), weight(3, 16, 1, 1)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 3, 4, 4] });
  return graph.model();
}

/** As Keras pads before a convolution of stride 2. */
function padding(): OnnxModel {
  const { graph, weight, sizes } = draw('padding');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 2, 4, 4] });
  const wide = graph.node('Relu', [graph.node('Conv', [x, weight(8, 2, 1, 1), weight(8)])]);
  const pads = sizes(0, 0, 0, 0, 0, 0, 1, 1);
  const attributes = { group: { int: 8 }, strides: { ints: [2, 2] } };
  const deep = graph.node('Conv', [graph.node('Pad', [wide, pads]), weight(8, 1, 3, 3)], { attributes });
  graph.node('Conv', [graph.node('Relu', [deep]), weight(3, 8, 1, 1)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 3, 2, 2] });
  return graph.model();
}

function grouped(): OnnxModel {
  const { graph, weight } = draw('grouped');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 2, 4, 4] });
  const wide = graph.node('Relu', [graph.node('Conv', [x, weight(16, 2, 1, 1)])]);
  const attributes = { group: { int: 2 } };
  const inner = graph.node('Relu', [
    graph.node('Conv', [wide, weight(24, 8, 1, 1), weight(24)], { attributes }),
  ]);
  graph.node('Conv', [inner, weight(3, 24, 1, 1)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 3, 4, 4] });
  return graph.model();
}

function pooled(): OnnxModel {
  const { graph, weight, sizes } = draw('pooled');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 2, 4, 4] });
  const maps = graph.node('LeakyRelu', [graph.node('Conv', [x, weight(8, 2, 3, 3)], padded)]);
  const mean = graph.node('ReduceMean', [maps, sizes(2, 3)], { attributes: { keepdims: { int: 0 } } });
  const other = graph.node('Squeeze', [graph.node('GlobalMaxPool', [maps]), sizes(2, 3)]);
  graph.node('Gemm', [graph.node('Add', [mean, other]), weight(8, 3)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 3] });
  return graph.model();
}

/** Four heads of 3 places each. */
function attention(headsOf: (drawing: Drawing, x: string) => string[]): OnnxModel {
  const drawing = draw('attention');
  const { graph, weight, sizes } = drawing;
  const x = graph.input('x', { type: 'float32', shape: ['batch', 'length', 6] });
  const [query = '', key = '', value = ''] = headsOf(drawing, x);
  const turnedKey = graph.node('Transpose', [key], { attributes: { perm: { ints: [0, 1, 3, 2] } } });
  const shares = graph.node('Softmax', [graph.node('MatMul', [query, turnedKey])], {
    attributes: { axis: { int: -1 } },
  });
  const mixed = graph.node('Transpose', [graph.node('MatMul', [shares, value])], {
    attributes: { perm: { ints: [0, 2, 1, 3] } },
  });
  const joined = graph.node('Reshape', [mixed, sizes(0, 0, 12)]);
  graph.node('MatMul', [joined, weight(12, 5)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 'length', 5] });
  return graph.model();
}

function apartHeads({ graph, weight, sizes }: Drawing, x: string): string[] {
  const perm = { attributes: { perm: { ints: [0, 2, 1, 3] } } };
  return [0, 1, 2].map(() => {
    const projected = graph.node('Add', [graph.node('MatMul', [x, weight(6, 12)]), weight(12)]);
    return graph.node('Transpose', [graph.node('Reshape', [projected, sizes(0, 0, 4, 3)])], perm);
  });
}

function packedHeads({ graph, weight, sizes }: Drawing, x: string): string[] {
  const perm = { attributes: { perm: { ints: [0, 2, 1, 3] } } };
  const projected = graph.node('Add', [graph.node('MatMul', [x, weight(6, 36)]), weight(36)]);
  const parts = ['query', 'key', 'value'];
  graph.node('Split', [projected, sizes(12, 12, 12)], { outputs: parts, attributes: { axis: { int: -1 } } });
  return parts.map((part) =>
    graph.node('Transpose', [graph.node('Reshape', [part, sizes(0, 0, 4, 3)])], perm),
  );
}

function gatheredHeads(drawing: Drawing, x: string): string[] {
  const { graph } = drawing;
  const stacked = stackedHeads(drawing, x);
  return [0, 1, 2].map((part) => {
    const data = BigInt64Array.of(BigInt(part));
    const index = graph.initializer(`part_${part}`, { type: 'int64', shape: [], data });
    return graph.node('Gather', [stacked, index], { attributes: { axis: { int: 0 } } });
  });
}

function headsInTurn({ graph, weight, sizes }: Drawing, x: string): string[] {
  const projected = graph.node('Add', [graph.node('MatMul', [x, weight(6, 36)]), weight(36)]);
  const apart = graph.node('Reshape', [projected, sizes(0, 0, 4, 3, 3)]);
  return [0, 1, 2].map((part) => {
    const data = BigInt64Array.of(BigInt(part));
    const index = graph.initializer(`part_${part}`, { type: 'int64', shape: [], data });
    const taken = graph.node('Gather', [apart, index], { attributes: { axis: { int: 3 } } });
    return graph.node('Transpose', [taken], { attributes: { perm: { ints: [0, 2, 1, 3] } } });
  });
}

function squeezedHeads(drawing: Drawing, x: string): string[] {
  const { graph, sizes } = drawing;
  const outputs = ['query', 'key', 'value'];
  graph.node('Split', [stackedHeads(drawing, x), sizes(1, 1, 1)], { outputs });
  return outputs.map((part) => graph.node('Squeeze', [part, sizes(0)]));
}

/** [query, key and value, batch, heads, length, size], as PyTorch exports one projection for all three. */
function stackedHeads({ graph, weight, sizes }: Drawing, x: string): string {
  const projected = graph.node('Add', [graph.node('MatMul', [x, weight(6, 36)]), weight(36)]);
  const apart = graph.node('Reshape', [projected, sizes(0, 0, 3, 4, 3)]);
  return graph.node('Transpose', [apart], { attributes: { perm: { ints: [2, 0, 3, 1, 4] } } });
}
