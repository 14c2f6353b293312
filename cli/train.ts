import path from 'node:path';
import { parseArgs } from 'node:util';
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
import { polynomialDecay } from '../models/train/sparsity-schedule.ts';
import { storeModel } from '../models/train/store-model.ts';

/**
 * `npm run train [id ...]`: trains the reference models anew and writes them into the catalog. With `-- --sparsity 90` the smallest
 * 90 % of the weights become zero while they are trained; such models go to `.assay/trained/`.
 */
async function main(args: readonly string[]): Promise<void> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { sparsity: { type: 'string' } },
  });
  const percent = values.sparsity === undefined ? null : parsePercent(values.sparsity);
  const chosen = positionals.length === 0 ? recipes : positionals.map(findRecipe);
  await startTrainingBackend();
  for (const recipe of chosen) await trainModel(recipe, percent);
}

function parsePercent(text: string): number {
  const percent = Number(text);
  if (percent > 0 && percent < 100) return percent;
  throw new AssayError(
    'usage-invalid',
    `--sparsity is ${text}; a percentage between 0 and 100 is accepted, such as 90.`,
  );
}

function findRecipe(id: string): Recipe {
  const found = recipes.find(({ about }) => about.id === id);
  if (found !== undefined) return found;
  const known = recipes.map(({ about }) => about.id);
  throw new AssayError('not-found', `No recipe trains "${id}". ${suggest(id, known)}`);
}

async function trainModel(recipe: Recipe, percent: number | null): Promise<void> {
  const { about, seed } = recipe;
  const { train, test } = await loadDataset(about.dataset);
  const startMs = performance.now();
  const sparsity = percent === null ? undefined : polynomialDecay(percent / 100);
  const trained = recipe.train(train, createRandom(seed), sparsity);
  const seconds = (performance.now() - startMs) / 1000;
  const reached = await measureFigures(encodeModel(trained.onnx), about, test);
  const folder =
    percent === null
      ? path.join(modelCatalogFolder, about.id)
      : path.join('.assay/trained', `${about.id}-sparse-${percent}`);
  const { onnx } = await storeModel(folder, { recipe, trained, reached });
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
