import path from 'node:path';
import { AssayError } from '../core/errors.ts';
import { createRandom } from '../core/random.ts';
import { suggest } from '../core/suggest.ts';
import { loadDataset } from '../datasets/load.ts';
import { modelCatalogFolder } from '../models/manifest.ts';
import { encodeModel } from '../models/onnx/write.ts';
import { startTrainingBackend } from '../models/train/backend.ts';
import { measureFigures } from '../models/train/figures.ts';
import type { Recipe } from '../models/train/recipe.ts';
import { recipes } from '../models/train/recipes.ts';
import { storeModel } from '../models/train/store-model.ts';

/** `npm run train [id ...]`: trains the reference models anew and writes them into the catalog. */
async function main(ids: readonly string[]): Promise<void> {
  const chosen = ids.length === 0 ? recipes : ids.map(findRecipe);
  await startTrainingBackend();
  for (const recipe of chosen) await trainModel(recipe);
}

function findRecipe(id: string): Recipe {
  const found = recipes.find(({ about }) => about.id === id);
  if (found !== undefined) return found;
  const known = recipes.map(({ about }) => about.id);
  throw new AssayError('not-found', `No recipe trains "${id}". ${suggest(id, known)}`);
}

async function trainModel(recipe: Recipe): Promise<void> {
  const { about, seed } = recipe;
  const { train, test } = await loadDataset(about.dataset);
  const startMs = performance.now();
  const trained = recipe.train(train, createRandom(seed));
  const seconds = (performance.now() - startMs) / 1000;
  const reached = await measureFigures(encodeModel(trained.onnx), about, test);
  const { onnx } = await storeModel(path.join(modelCatalogFolder, about.id), { recipe, trained, reached });
  const figures = reached.map(({ figure, unit, value }) => `${figure} ${value}${unit && ` ${unit}`}`);
  process.stdout.write(
    `${about.id}: ${figures.join(', ')}; ${onnx.sizeBytes} bytes, ${seconds.toFixed(1)} s\n`,
  );
}

try {
  await main(process.argv.slice(2));
} catch (thrown) {
  if (!(thrown instanceof AssayError)) throw thrown;
  process.stderr.write(`${thrown.message}\n`);
  process.exitCode = thrown.exitCode;
}
