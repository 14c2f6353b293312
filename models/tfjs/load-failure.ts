import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { io } from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { messageOf } from '../../core/errors.ts';
import { modelArtifacts } from './model-artifacts.ts';
import { kindOf, type TfjsModel } from './model.ts';
import { onCpu } from './on-cpu.ts';

/** Why TF.js cannot load a model; null where it can. */
export async function loadFailure(model: TfjsModel): Promise<string | null> {
  try {
    await onCpu(async () => {
      const artifacts = modelArtifacts(model);
      const loaded =
        kindOf(model.file) === 'graph-model'
          ? await loadGraphModel({ load: () => Promise.resolve(artifacts) })
          : await loadLayersModel(io.fromMemory(artifacts));
      loaded.dispose();
    });
    return null;
  } catch (thrown) {
    return messageOf(thrown).replaceAll(/\s+/g, ' ');
  }
}
