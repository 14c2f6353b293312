import { rm, stat } from 'node:fs/promises';
import { AssayError } from '../core/errors.ts';
import { sha256 } from '../core/hash.ts';
import type { BuildRequest } from './build.ts';
import { contentHash, requireHash } from './content-hash.ts';
import type { Maker } from './maker.ts';
import { assertSound, loadFailure } from './onnx/check.ts';
import { externalFiles } from './onnx/external-data.ts';
import type { OnnxModel } from './onnx/model.ts';
import { decodeModelFile, readModelBytes } from './onnx/read.ts';
import { saveModel } from './onnx/save.ts';
import { applyPasses } from './passes/apply.ts';
import { needsCalibration } from './passes/pass.ts';
import { passes } from './passes/registry.ts';
import { stepsOn, versionedSteps } from './variant.ts';

/** Variants as ONNX files, large ones with a file of weights beside. */
export const makeOnnx: Maker = {
  identity: async ({ model, calibration }, plan) => {
    const isCalibrated = stepsOn(plan, 'onnx')?.some((step) =>
      needsCalibration(passes[step.pass], step.parameters),
    );
    const data = isCalibrated === true && calibration !== undefined ? { calibration: calibration.hash } : {};
    const weights = await besides(model.path);
    const external = weights.length === 0 ? {} : { weights: await contentHash(weights) };
    return { model: model.sha256, steps: versionedSteps(plan, 'onnx'), ...data, ...external };
  },
  kept: async (key) => {
    const [file, data] = [`${key}.onnx`, `${key}.onnx.data`];
    return { file, others: (await stat(data).catch(() => null)) === null ? [] : [data] };
  },
  besides,
  make: async (request, plan, file) => {
    const source = await readSource(request);
    if (plan.steps.length > 0) assertSound(source);
    const applied = await applyPasses(source, stepsOn(plan, 'onnx') ?? [], request.calibration);
    if ('reason' in applied) return applied;
    const write =
      plan.steps.length === 0
        ? () => Promise.resolve([file, ...externalFiles(source)])
        : () => saveProven(applied.model, file, request.model.path);
    return { lineage: applied.lineage, write };
  },
};

async function besides(file: string): Promise<string[]> {
  try {
    return externalFiles(await decodeModelFile(await readModelBytes(file), file));
  } catch {
    return [];
  }
}

/** A file ONNX Runtime cannot load is not kept; where it cannot load the model either, that is why. */
async function saveProven(model: OnnxModel, file: string, source: string): Promise<string[]> {
  const files = await saveModel(model, file);
  const failure = await loadFailure(file);
  if (failure === null) return files;
  for (const written of files) await rm(written, { force: true });
  const ofSource = await loadFailure(source);
  if (ofSource === null) throw new Error(`internal: a variant does not load: ${failure}`);
  throw new AssayError('model-invalid', `${source}: ONNX Runtime cannot load the model itself: ${ofSource}`, {
    hint: 'Its operators must be ones that ONNX Runtime 1.30 has kernels for.',
  });
}

async function readSource({ model }: BuildRequest): Promise<OnnxModel> {
  const bytes = await readModelBytes(model.path);
  requireHash(sha256(bytes), model);
  return decodeModelFile(bytes, model.path);
}
