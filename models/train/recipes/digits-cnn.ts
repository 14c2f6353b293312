import { tensor4d, type Scalar } from '@tensorflow/tfjs-core';
import { cnnLayers, cnnOnnx, cnnTfjs } from '../cnn-forms.ts';
import { cnnLogits, cnnStarts, type CnnSizes } from '../cnn.ts';
import { fit, shuffledBatches } from '../fit.ts';
import type { Ends } from '../mlp-forms.ts';
import { crossEntropy } from '../operations.ts';
import { createParameters } from '../parameters.ts';
import type { Recipe } from '../recipe.ts';
import { floatInput, labelledRows, pickRows } from '../rows.ts';

const sizes: CnnSizes = { side: 8, filters: [32, 64], hidden: 256, classes: 10 };
const ends: Ends = { input: 'image', output: 'probabilities', isSoftmax: true };
const plan = { epochs: 12, learningRate: 1e-3, weightDecay: 0.05, warmUp: 0.1 };
const batchSize = 32;

/** Handwritten digits by a convolutional network. */
export const digitsCnn: Recipe = {
  about: {
    id: 'digits-cnn',
    title: 'Handwritten digits CNN',
    description:
      'Two convolutions of 32 and 64 filters, a pooling and a dense layer of 256, that tell which digit an 8 by 8 image shows.',
    task: 'classification',
    dataset: 'digits',
    tfjsReason: null,
    input: { name: ends.input, shape: ['batch', 1, 8, 8] },
    output: { name: ends.output, kind: 'probabilities' },
  },
  seed: 1,
  train: (samples, random, sparsity) => {
    const pixels = floatInput(samples, ends.input);
    const parameters = createParameters(cnnStarts(sizes), random);
    const loss = (rows: readonly number[]): Scalar => {
      const images = tensor4d(pickRows(pixels, rows), [rows.length, sizes.side, sizes.side, 1]);
      return crossEntropy(cnnLogits(parameters, images), labelledRows(samples, rows));
    };
    const batches = (stream: typeof random): number[][] =>
      shuffledBatches(samples.ids.length, batchSize, stream);
    fit(parameters, { batches, loss }, { plan: { ...plan, sparsity }, random });
    const trained = cnnLayers(parameters, sizes.side);
    return { onnx: cnnOnnx('digits-cnn', trained, ends), tfjs: cnnTfjs('digits-cnn', trained, ends) };
  },
};
