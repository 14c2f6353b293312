import { rm } from 'node:fs/promises';
import path from 'node:path';
import { AssayError } from '../core/errors.ts';
import type { Maker } from './maker.ts';
import { readVerified } from './read-verified.ts';
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
    if ('reason' in applied) {
      await assertLoads(source, model.path);
      return applied;
    }
    const write =
      file === model.path
        ? async () => ({ files: await tfjsFiles(file) })
        : async () => ({ files: await saveProven(applied.model, file, { model: source, path: model.path }) });
    return { lineage: applied.lineage, write };
  },
};

/** A model TF.js cannot load is not kept; where it cannot load the source either, that is why. */
async function saveProven(
  model: TfjsModel,
  file: string,
  source: { model: TfjsModel; path: string },
): Promise<string[]> {
  const files = await saveTfjsModel(model, path.dirname(file));
  const failure = await failureOf(await readTfjsModel(file));
  if (failure === null) return files;
  for (const written of files) await rm(written, { force: true });
  await assertLoads(source.model, source.path);
  throw new Error(`internal: a variant does not load: ${failure}`);
}

async function assertLoads(model: TfjsModel, file: string): Promise<void> {
  const failure = await failureOf(model);
  if (failure === null) return;
  throw new AssayError('model-invalid', `${file}: TF.js cannot load the model itself: ${failure}`, {
    hint: 'Export the model again, with layers that TF.js has.',
  });
}

async function failureOf(model: TfjsModel): Promise<string | null> {
  // TF.js takes a while to load, and most models have no need of it.
  const { loadFailure } = await import('./tfjs/load-failure.ts');
  return loadFailure(model);
}

async function besides(file: string): Promise<string[]> {
  try {
    return (await tfjsFiles(file)).slice(1);
  } catch {
    return [];
  }
}
