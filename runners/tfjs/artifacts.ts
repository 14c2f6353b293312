import { io } from '@tensorflow/tfjs-core';
import { kindOf } from '../../models/tfjs/model.ts';
import { readTfjsModel } from '../../models/tfjs/read.ts';

/** Reads a TF.js `model.json` and its weight files as TF.js takes them. */
export async function readTfjsArtifacts(file: string): Promise<io.ModelArtifacts> {
  const model = await readTfjsModel(file);
  const json = { ...model.file, format: kindOf(model.file) } as unknown as io.ModelJSON;
  const weights = model.groups.flat();
  const specs = weights.map(({ spec }) => spec) as io.WeightsManifestEntry[];
  const data = weights.map(({ bytes }) => new Uint8Array(bytes).buffer);
  return io.getModelArtifactsForJSONSync(json, specs, data);
}
