import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { buildVariant } from '../../../models/build.ts';
import { decodeModel } from '../../../models/onnx/read.ts';
import { catalogModel } from './catalog-calibration.ts';

/** Of the figure, the share that may be lost; figures that should be low may rise by as much. */
const bounds: readonly [model: string, figure: string, bound: number, variants: readonly string[]][] = [
  ['cars-mlp', 'R^2', 0.02, ['int8-weights', 'int4-weights-hqq', 'int4-weights-gptq', 'prune-sparsegpt-50']],
  ['tumours-mlp', 'accuracy', 0.02, ['int4-weights', 'prune-2-of-4-sparsegpt', 'prune-wanda-50']],
  ['digits-cnn', 'accuracy', 0.02, ['int4-weights-symmetric', 'prune-2-of-4']],
];

test.for(
  bounds.flatMap(([id, figure, bound, variants]) =>
    variants.map((variant) => ({ id, figure, bound, variant })),
  ),
)('$id as $variant keeps its $figure within $bound', async ({ id, figure, bound, variant }) => {
  const { source, file, calibration, figures } = await catalogModel(id);
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-catalog-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const outcome = await buildVariant({ model: file, variant, calibration }, folder);
  if (outcome.status !== 'built') throw new Error(outcome.reason);
  const made = decodeModel(await readFile(outcome.path), variant);
  const [before, after] = [await figures(source), await figures(made)];
  const change = Math.abs((after[figure] ?? NaN) / (before[figure] ?? NaN) - 1);
  expect(change).toBeLessThan(bound);
});
