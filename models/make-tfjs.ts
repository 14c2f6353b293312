import path from 'node:path';
import { contentHash, requireHash } from './content-hash.ts';
import type { Maker } from './maker.ts';
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
    const files = await tfjsFiles(model.path);
    requireHash(await contentHash(files), model);
    const source = await readTfjsModel(model.path);
    const applied = await applyTfjsPasses(source, stepsOn(plan, 'tfjs') ?? []);
    if ('reason' in applied) return applied;
    const write =
      plan.steps.length === 0
        ? () => Promise.resolve(files)
        : () => saveTfjsModel(applied.model, path.dirname(file));
    return { lineage: applied.lineage, write };
  },
};

async function besides(file: string): Promise<string[]> {
  try {
    return (await tfjsFiles(file)).slice(1);
  } catch {
    return [];
  }
}
