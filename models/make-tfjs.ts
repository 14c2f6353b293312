import path from 'node:path';
import type { BuildRequest } from './build.ts';
import { contentHash, requireHash } from './content-hash.ts';
import type { Maker } from './maker.ts';
import type { TfjsModel } from './tfjs/model.ts';
import { applyTfjsPasses } from './tfjs/passes/apply.ts';
import { readTfjsModel, tfjsFiles } from './tfjs/read.ts';
import { saveTfjsModel } from './tfjs/write.ts';
import { stepsOn, versionedSteps } from './variant.ts';

/** Variants as TF.js models: a folder each, with `model.json` and the files of its weights. */
export const makeTfjs: Maker = {
  identity: ({ model }, plan) =>
    Promise.resolve({ model: model.sha256, steps: versionedSteps(plan, 'tfjs'), format: 'tfjs' }),
  kept: async (key) => {
    const file = path.join(key, 'model.json');
    return { file, others: await besides(file) };
  },
  besides,
  make: async ({ model }, plan, file) => {
    const source = await readVerified(model);
    const applied = await applyTfjsPasses(source, stepsOn(plan, 'tfjs') ?? []);
    if ('reason' in applied) return applied;
    const write =
      file === model.path ? () => tfjsFiles(file) : () => saveTfjsModel(applied.model, path.dirname(file));
    return { lineage: applied.lineage, write };
  },
};

/** A TF.js model whose files are those its hash is of. */
export async function readVerified(model: BuildRequest['model']): Promise<TfjsModel> {
  requireHash(await contentHash(await tfjsFiles(model.path)), model);
  return readTfjsModel(model.path);
}

async function besides(file: string): Promise<string[]> {
  try {
    return (await tfjsFiles(file)).slice(1);
  } catch {
    return [];
  }
}
