import { mean, square, sub, tensor2d, type Scalar } from '@tensorflow/tfjs-core';
import { fit, shuffledBatches } from '../fit.ts';
import { denseLayers, mlpOnnx, mlpTfjs, type DenseLayer, type Ends } from '../mlp-forms.ts';
import { mlpLayers, mlpOutputs, mlpStarts } from '../mlp.ts';
import { createParameters } from '../parameters.ts';
import type { Recipe } from '../recipe.ts';
import { floatInput, pickRows, values } from '../rows.ts';

const widths = [9, 256, 256, 1];
const layers = mlpLayers(widths);
const ends: Ends = { input: 'features', output: 'prediction', isSoftmax: false };
const plan = { epochs: 60, learningRate: 1e-3, weightDecay: 0.1, warmUp: 0.1 };
const batchSize = 32;

/** Fuel economy of cars by a multilayer perceptron. */
export const carsMlp: Recipe = {
  about: {
    id: 'cars-mlp',
    title: 'Fuel economy MLP',
    description: 'Multilayer perceptron, 9-256-256-1, that tells the miles per gallon of a car.',
    task: 'regression',
    dataset: 'cars',
    tfjsReason: null,
    input: { name: ends.input, shape: ['batch', 9] },
    output: { name: ends.output, kind: 'values' },
  },
  seed: 1,
  train: (samples, random, sparsity) => {
    const features = floatInput(samples, ends.input);
    const scale = scaleOf(values(samples));
    const targets = Float32Array.from(values(samples), (value) => (value - scale.mean) / scale.deviation);
    const parameters = createParameters(mlpStarts(widths), random);
    const loss = (rows: readonly number[]): Scalar => {
      const found = mlpOutputs(parameters, layers, tensor2d(pickRows(features, rows), [rows.length, 9]));
      const wanted = tensor2d(pickRows({ width: 1, data: targets }, rows), [rows.length, 1]);
      return mean(square(sub(found, wanted)));
    };
    const batches = (stream: typeof random): number[][] => shuffledBatches(targets.length, batchSize, stream);
    fit(parameters, { batches, loss }, { plan: { ...plan, sparsity }, random });
    const trained = inUnits(denseLayers(parameters, layers), scale);
    return { onnx: mlpOnnx('cars-mlp', trained, ends), tfjs: mlpTfjs('cars-mlp', trained, ends) };
  },
};

interface Scale {
  mean: number;
  deviation: number;
}

function scaleOf(numbers: Float64Array): Scale {
  const average = numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  const variance = numbers.reduce((sum, one) => sum + (one - average) ** 2, 0) / numbers.length;
  return { mean: average, deviation: Math.sqrt(variance) };
}

/** Folds the scale of the labels into the last layer, so that the network tells miles per gallon. */
function inUnits(trained: readonly DenseLayer[], { mean: average, deviation }: Scale): DenseLayer[] {
  return trained.map((layer) => {
    if (layer.name !== layers.at(-1)) return layer;
    const kernel = { ...layer.kernel, data: layer.kernel.data.map((weight) => weight * deviation) };
    const bias = { ...layer.bias, data: layer.bias.data.map((value) => value * deviation + average) };
    return { ...layer, kernel, bias };
  });
}
