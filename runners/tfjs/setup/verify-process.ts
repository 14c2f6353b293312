/** Entry of a process that trains a step on TensorFlow and on WebAssembly. */
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { answerOnce } from '../../answer-once.ts';
import { useBackend, type Backend } from '../backend.ts';
import { startTensorflow } from '../node-device.ts';
import { startWasm } from '../wasm-device.ts';
import type { VerifyRequest, Verified } from './verify.ts';

answerOnce(async ({ name, folder }: VerifyRequest): Promise<Verified> => {
  tf.enableProdMode();
  const tensorflow = await startTensorflow(name, 1, folder);
  const found = await trainStep(tensorflow);
  const expected = await trainStep(await startWasm(1));
  const difference = Math.max(...found.map((value, index) => Math.abs(value - (expected[index] ?? NaN))));
  return { detail: tensorflow.detail, difference };
});

/** The weights of a small network after one step of stochastic gradient descent from given ones. */
async function trainStep(backend: Backend): Promise<number[]> {
  useBackend(backend);
  const network = sequential({
    layers: [layers.dense({ inputShape: [3], units: 4, activation: 'tanh' }), layers.dense({ units: 2 })],
  });
  network.setWeights(network.weights.map(({ shape }) => waves(shape as number[])));
  network.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
  await network.trainOnBatch(waves([8, 3]), waves([8, 2]));
  const weights = await Promise.all(network.getWeights().map((weight) => weight.data()));
  return weights.flatMap((values) => [...values]);
}

function waves(shape: number[]): tf.Tensor {
  const length = shape.reduce((product, size) => product * size, 1);
  return tf.tensor(
    Float32Array.from({ length }, (_, index) => Math.sin(index + 1)),
    shape,
  );
}
