import { io } from '@tensorflow/tfjs-core';
import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers';
import { AssayError } from '../../../core/errors.ts';
import { kindOf, type TfjsModel } from '../model.ts';
import { modelArtifacts } from '../model-artifacts.ts';
import { onCpu } from '../on-cpu.ts';
import { unreadable } from '../unreadable.ts';

/** Has TF.js itself read a model, so that it is what TF.js runs, and frees it afterwards. Throws `model-invalid`. */
export async function withLayersModel<Result>(
  model: TfjsModel,
  use: (network: LayersModel) => Result,
): Promise<Result> {
  if (kindOf(model.file) === 'graph-model')
    throw new AssayError('model-invalid', 'It is a TensorFlow graph; a layers model can become ONNX.', {
      hint: 'Export the model from TensorFlow with tf2onnx, or run it on tfjs targets as it is.',
    });
  return onCpu(async () => {
    const network = await load(model);
    try {
      return use(network);
    } finally {
      network.dispose();
    }
  });
}

async function load(model: TfjsModel): Promise<LayersModel> {
  try {
    return await loadLayersModel(io.fromMemory(modelArtifacts(model)));
  } catch (cause) {
    throw new AssayError('model-invalid', unreadable(model, cause), { cause });
  }
}
