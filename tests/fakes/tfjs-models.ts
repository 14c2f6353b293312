import '@tensorflow/tfjs-backend-cpu';
import { setBackend } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { saveTfjsModel } from '../../models/tfjs/write.ts';
import { randomize, storedModel } from '../models/tfjs/export/exported.ts';

/** Writes a TF.js model of two numbers into a folder: dense layers, or a recurrent one, which cannot become ONNX. */
export async function writeTwoNumbersModel(
  folder: string,
  kind: 'dense' | 'recurrent' = 'dense',
): Promise<void> {
  await setBackend('cpu');
  const network = sequential({ name: 'two' });
  if (kind === 'dense') {
    network.add(layers.dense({ inputShape: [2], units: 8, activation: 'relu', name: 'hidden' }));
  } else {
    network.add(layers.reshape({ inputShape: [2], targetShape: [2, 1] }));
    network.add(layers.simpleRNN({ units: 8, name: 'memory', recurrentInitializer: 'zeros' }));
  }
  network.add(layers.dense({ units: 1, name: 'y' }));
  await saveTfjsModel(await storedModel(randomize(network)), folder);
}
