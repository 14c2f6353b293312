import { io } from '@tensorflow/tfjs-core';
import { kindOf, type TfjsModel } from './model.ts';

/** A model as TF.js takes it. */
export function modelArtifacts({ file, groups }: TfjsModel): io.ModelArtifacts {
  const json = { ...file, format: kindOf(file) } as unknown as io.ModelJSON;
  const weights = groups.flat();
  const specs = weights.map(({ spec }) => spec) as io.WeightsManifestEntry[];
  const data = weights.map(({ bytes }) => new Uint8Array(bytes).buffer);
  return io.getModelArtifactsForJSONSync(json, specs, data);
}
