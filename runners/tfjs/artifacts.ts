import type { io } from '@tensorflow/tfjs-core';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AssayError } from '../../core/errors.ts';
import { parseJson } from '../../core/parse.ts';

const modelFileSchema = z.looseObject({
  format: z.enum(['layers-model', 'graph-model']),
  modelTopology: z.record(z.string(), z.unknown()),
  weightsManifest: z.array(
    z.looseObject({ paths: z.array(z.string()), weights: z.array(z.looseObject({})) }),
  ),
});

/** Reads a TF.js `model.json` and the weight files beside it; a path that leaves the folder is refused. */
export async function readTfjsArtifacts(file: string): Promise<io.ModelArtifacts> {
  const model = parseJson(modelFileSchema, await readFile(file, 'utf8'), {
    what: 'TF.js model',
    where: file,
    code: 'model-invalid',
  });
  const paths = model.weightsManifest.flatMap((group) => group.paths);
  const shards = await Promise.all(paths.map((name) => readFile(insideFolder(path.dirname(file), name))));
  return {
    format: model.format,
    modelTopology: model.modelTopology,
    weightSpecs: model.weightsManifest.flatMap(
      (group) => group.weights,
    ) as unknown as io.WeightsManifestEntry[],
    weightData: new Uint8Array(Buffer.concat(shards)).buffer,
  };
}

function insideFolder(folder: string, name: string): string {
  const resolved = path.resolve(folder, name);
  if (resolved.startsWith(path.resolve(folder) + path.sep)) return resolved;
  throw new AssayError('model-invalid', `TF.js weights path "${name}" leaves the model's folder ${folder}.`);
}
