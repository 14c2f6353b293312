import { stat } from 'node:fs/promises';
import { AssayError } from '../core/errors.ts';
import { sha256OfPieces } from '../core/hash.ts';
import type { Tensors } from '../core/tensor.ts';
import type { BuildRequest } from './build.ts';
import { formatOf } from './format.ts';
import { contentHash, requireHash } from './content-hash.ts';
import type { Maker, Written } from './maker.ts';
import { assertSound } from './onnx/check.ts';
import { externalFiles } from './onnx/external-data.ts';
import type { OnnxGraph, OnnxModel } from './onnx/model.ts';
import { readAligned, type Aligned } from './onnx/read-aligned.ts';
import { runFailure } from './onnx/run-failure.ts';
import { saveModel } from './onnx/save.ts';
import { applyPasses, type Applied, type Skipped } from './passes/apply.ts';
import type { CalibrationData } from './passes/calibration.ts';
import { fitBatches } from './passes/fit-batches.ts';
import { needsCalibration } from './passes/pass.ts';
import { passes } from './passes/registry.ts';
import { assertNotNaN } from './passes/weights.ts';
import { readVerified } from './read-verified.ts';
import { floatsOf } from './tfjs/weight-values.ts';
import { stepsOn, versionedSteps, type VariantPlan } from './variant.ts';

/** Raised with every change of what an export writes: exported models are kept by it. */
const exportVersion = 1;

/** Variants as ONNX files, large ones with a file of weights beside. */
export const makeOnnx: Maker = {
  identity: async (request, plan) => {
    const { model, calibration } = request;
    const used = isCalibrated(plan) ? calibration : undefined;
    const data = used === undefined ? {} : { calibration: used.hash };
    const steps = versionedSteps(plan, 'onnx');
    if (formatOf(model.path) === 'tfjs') return { model: model.sha256, exportVersion, steps, ...data };
    const source = readAligned(model.path);
    sources.set(request, source);
    const weights = externalFilesOf(await source.catch(() => null));
    const external = weights.length === 0 ? {} : { weights: await contentHash(weights) };
    return { model: model.sha256, steps, ...data, ...external };
  },
  kept: async (key) => {
    const [file, data] = [`${key}.onnx`, `${key}.onnx.data`];
    return { file, others: (await stat(data).catch(() => null)) === null ? [] : [data] };
  },
  besides,
  make: async (request, plan, file) => {
    const source = await readSource(request);
    if ('reason' in source) return source;
    if (plan.steps.length > 0) assertSound(source.model);
    const fitted = fitting(request, source.model.graph);
    const applied = await applyPasses(source.model, stepsOn(plan, 'onnx') ?? [], fitted.calibration);
    if ('reason' in applied) return applied;
    const write = async (): Promise<Written> => {
      if (file === request.model.path) return { files: [file, ...externalFiles(source.model)] };
      const written = await saveProven(applied.model, file, { request: fitted, plan });
      source.giveBack();
      return written;
    };
    return { lineage: [...source.lineage, ...applied.lineage], write };
  },
};

function fitting(request: BuildRequest, graph: OnnxGraph): BuildRequest {
  const { calibration } = request;
  return calibration === undefined ? request : { ...request, calibration: fitBatches(calibration, graph) };
}

function isCalibrated(plan: VariantPlan): boolean {
  const steps = stepsOn(plan, 'onnx') ?? [];
  return steps.some((step) => needsCalibration(passes[step.pass], step.parameters));
}

/** What a variant is made of. */
interface Source extends Applied<OnnxModel> {
  giveBack: () => void;
}

/** What was read for the identity of a variant is what the variant is made of: once, as its memory is given back. */
const sources = new WeakMap<BuildRequest, Promise<Aligned>>();

function takeSource(request: BuildRequest): Promise<Aligned> {
  const source = sources.get(request) ?? readAligned(request.model.path);
  sources.delete(request);
  return source;
}

function externalFilesOf(source: Aligned | null): string[] {
  return source === null ? [] : externalFiles(source.model);
}

async function besides(file: string): Promise<string[]> {
  return externalFilesOf(await readAligned(file).catch(() => null));
}

/**
 * A file ONNX Runtime cannot load is not kept, nor one made by data it cannot be called on; where it cannot do so with the model either,
 * that is why.
 */
async function saveProven(
  model: OnnxModel,
  file: string,
  { request, plan }: { request: BuildRequest; plan: VariantPlan },
): Promise<Written> {
  const batch = isCalibrated(plan) ? await firstBatch(request.calibration) : null;
  const known: { sha256?: string } = {};
  const files = await saveModel(model, file, {
    prove: async (written, content) => {
      if (content !== null) known.sha256 = sha256OfPieces(content);
      const failure = await runFailure(written, batch);
      if (failure !== null) throw await explained(failure, { request, plan, batch });
    },
  });
  return { files, ...known };
}

/** What to tell of a variant that ONNX Runtime fails on. */
async function explained(
  failure: string,
  { request, plan, batch }: { request: BuildRequest; plan: VariantPlan; batch: Tensors | null },
): Promise<Error> {
  const { path: source } = request.model;
  const ofSource = formatOf(source) === 'onnx' ? await runFailure(source, batch) : null;
  if (ofSource === null) return new Error(`internal: ${plan.name} does not run: ${failure}`);
  const what = batch === null ? 'load' : 'run';
  return new AssayError(
    'model-invalid',
    `${source}: ONNX Runtime cannot ${what} the model itself: ${ofSource}`,
    {
      hint: 'Its operators must be ones that ONNX Runtime 1.30 has kernels for.',
    },
  );
}

async function firstBatch(calibration: CalibrationData | undefined): Promise<Tensors | null> {
  for await (const batch of calibration?.batches() ?? []) return batch;
  return null;
}

async function readSource(request: BuildRequest): Promise<Source | Skipped> {
  if (formatOf(request.model.path) === 'tfjs') return readExported(request.model);
  const { sha256, model, giveBack } = await takeSource(request);
  requireHash(sha256, request.model);
  return { model, lineage: [], giveBack };
}

async function readExported(model: BuildRequest['model']): Promise<Source | Skipped> {
  const source = await readVerified(model);
  for (const weight of source.groups.flat())
    if (weight.spec.dtype === 'float32') assertNotNaN(weight.spec.name, floatsOf(weight));
  // TF.js takes a while to load, and most models have no need of it.
  const { exportOnnx } = await import('./tfjs/export/export-onnx.ts');
  try {
    const { model: exported, summary } = await exportOnnx(source);
    return {
      model: exported,
      lineage: [{ pass: 'export-onnx', parameters: {}, summary }],
      giveBack: () => undefined,
    };
  } catch (error) {
    if (!(error instanceof AssayError)) throw error;
    return { reason: error.hint === undefined ? error.message : `${error.message} ${error.hint}` };
  }
}
