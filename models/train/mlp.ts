import type { Tensor2D } from '@tensorflow/tfjs-core';
import { dense, denseRelu } from './operations.ts';
import { heLayer, type Parameters, type Start } from './parameters.ts';

/** Names of the layers between the widths, e.g. 3 widths have `hidden_1` and `output`. */
export function mlpLayers(widths: readonly number[]): string[] {
  return widths.slice(1).map((_, index) => (index === widths.length - 2 ? 'output' : `hidden_${index + 1}`));
}

/** Where the parameters of a multilayer perceptron start; `widths` are of the input, the hidden layers and the output. */
export function mlpStarts(widths: readonly number[]): Record<string, Start> {
  const layers = mlpLayers(widths).map((name, index) => {
    const { kernel, bias } = heLayer(widths[index] ?? 0, widths[index + 1] ?? 0);
    return { [`${name}/kernel`]: kernel, [`${name}/bias`]: bias };
  });
  return Object.assign({}, ...layers) as Record<string, Start>;
}

/** Outputs [rows, last width] of inputs [rows, first width], with a ReLU after every layer but the last. */
export function mlpOutputs(parameters: Parameters, layers: readonly string[], inputs: Tensor2D): Tensor2D {
  return layers.reduce(
    (x, name) => (name === layers.at(-1) ? dense(parameters, name, x) : denseRelu(parameters, name, x)),
    inputs,
  );
}
