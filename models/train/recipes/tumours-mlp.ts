import { tensor2d, type Scalar } from '@tensorflow/tfjs-core';
import { fit, shuffledBatches } from '../fit.ts';
import { denseLayers, mlpOnnx, mlpTfjs, type Ends } from '../mlp-forms.ts';
import { mlpLayers, mlpOutputs, mlpStarts } from '../mlp.ts';
import { crossEntropy } from '../operations.ts';
import { createParameters } from '../parameters.ts';
import type { Recipe } from '../recipe.ts';
import { floatInput, labelledRows, pickRows } from '../rows.ts';

const widths = [30, 256, 128, 2];
const layers = mlpLayers(widths);
const ends: Ends = { input: 'features', output: 'probabilities', isSoftmax: true };
const plan = { epochs: 30, learningRate: 5e-4, weightDecay: 0.1, warmUp: 0.1 };
const batchSize = 32;

/** Diagnosis of tumours by a multilayer perceptron. */
export const tumoursMlp: Recipe = {
  about: {
    id: 'tumours-mlp',
    title: 'Tumour diagnosis MLP',
    description: 'Multilayer perceptron, 30-256-128-2, that tells malignant from benign tumours.',
    task: 'classification',
    dataset: 'tumours',
    tfjsReason: null,
    input: { name: ends.input, shape: ['batch', 30] },
    output: { name: ends.output, kind: 'probabilities' },
  },
  seed: 1,
  train: (samples, random, sparsity) => {
    const features = floatInput(samples, ends.input);
    const parameters = createParameters(mlpStarts(widths), random);
    const loss = (rows: readonly number[]): Scalar => {
      const inputs = tensor2d(pickRows(features, rows), [rows.length, features.width]);
      return crossEntropy(mlpOutputs(parameters, layers, inputs), labelledRows(samples, rows));
    };
    const batches = (stream: typeof random): number[][] =>
      shuffledBatches(samples.ids.length, batchSize, stream);
    fit(parameters, { batches, loss }, { plan: { ...plan, sparsity }, random });
    const trained = denseLayers(parameters, layers);
    return { onnx: mlpOnnx('tumours-mlp', trained, ends), tfjs: mlpTfjs('tumours-mlp', trained, ends) };
  },
};
