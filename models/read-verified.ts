import type { BuildRequest } from './build.ts';
import { contentHash, requireHash } from './content-hash.ts';
import type { TfjsModel } from './tfjs/model.ts';
import { readTfjsModel, tfjsFiles } from './tfjs/read.ts';

/** A TF.js model whose files are those its hash is of. */
export async function readVerified(model: BuildRequest['model']): Promise<TfjsModel> {
  requireHash(await contentHash(await tfjsFiles(model.path)), model);
  return readTfjsModel(model.path);
}
