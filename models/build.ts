import { stat } from 'node:fs/promises';
import path from 'node:path';
import { AssayError } from '../core/errors.ts';
import { makeFolder } from '../core/make-folder.ts';
import { hashOf, sha256 } from '../core/hash.ts';
import { keeping, readArtifact, storeFacts, type Artifact, type ArtifactPlace } from './artifact-cache.ts';
import { contentHash, contentSizes } from './content-hash.ts';
import { externalFiles } from './onnx/external-data.ts';
import type { OnnxModel } from './onnx/model.ts';
import { decodeModelFile, readModelBytes } from './onnx/read.ts';
import { saveModel } from './onnx/save.ts';
import { startCalibration, type CalibrationData } from './passes/calibration.ts';
import { needsCalibration, noCalibration, type PassOutcome } from './passes/pass.ts';
import { passes } from './passes/registry.ts';
import { parseVariant, type PassStep, type VariantPlan } from './variant.ts';

/** A variant of a model that is wanted as a file. */
export interface BuildRequest {
  model: { path: string; sha256: string };
  /** A name; or a plan, which can leave out nodes that no name holds. */
  variant: string | VariantPlan;
  /** Left out where there are none: a variant with a pass that needs them is then not applicable. */
  calibration?: CalibrationData;
}

/** What came of a request; `variant` has the fields of a record's variant. */
export type BuildOutcome =
  | { status: 'built'; path: string; variant: Artifact & { name: string; isBaseline: boolean } }
  | { status: 'not-applicable'; reason: string };

/**
 * Makes a variant's ONNX file, or finds it in `cacheDir`, where it is kept by the hash of all it is made from; one whose
 * content does not match its own hash is made again. The baseline is the model's file itself. Two builds at once do no harm.
 * Throws `variant-invalid`, `model-invalid`, `not-found` or `results-unwritable`.
 */
export async function buildVariant(request: BuildRequest, cacheDir: string): Promise<BuildOutcome> {
  const { variant } = request;
  const plan = typeof variant === 'string' ? parseVariant(variant) : variant;
  const place = await placeOf(request, plan, cacheDir);
  const made = (await readArtifact(place)) ?? (await makeArtifact(request, plan, place));
  if ('reason' in made) return { status: 'not-applicable', reason: made.reason };
  const isBaseline = plan.steps.length === 0;
  return { status: 'built', path: place.file, variant: { name: plan.name, isBaseline, ...made } };
}

async function placeOf(
  { model, calibration }: BuildRequest,
  { steps }: VariantPlan,
  cacheDir: string,
): Promise<ArtifactPlace> {
  const versioned = steps.map((step) => ({ ...step, version: passes[step.pass].version }));
  const isCalibrated = steps.some(({ pass, parameters }) => needsCalibration(passes[pass], parameters));
  const data = isCalibrated && calibration !== undefined ? { calibration: calibration.hash } : {};
  const weights = await externalWeights(model.path);
  const external = weights.length === 0 ? {} : { weights: await contentHash(weights) };
  const key = path.join(cacheDir, hashOf({ model: model.sha256, steps: versioned, ...data, ...external }));
  const facts = `${key}.json`;
  if (steps.length === 0) return { file: model.path, others: weights, facts };
  return { file: `${key}.onnx`, others: await existing(`${key}.onnx.data`), facts };
}

/** The files beside a model that hold weights of it; none where it cannot be read, which building from it will say. */
async function externalWeights(file: string): Promise<string[]> {
  try {
    return externalFiles(await decodeModelFile(await readModelBytes(file), file));
  } catch {
    return [];
  }
}

async function existing(file: string): Promise<string[]> {
  return (await stat(file).catch(() => null)) === null ? [] : [file];
}

async function makeArtifact(
  { model, calibration }: BuildRequest,
  { steps }: VariantPlan,
  place: ArtifactPlace,
): Promise<Artifact | Skipped> {
  const bytes = await readModelBytes(model.path);
  assertHash(bytes, model);
  const source = await decodeModelFile(bytes, model.path);
  const applied = await naming(model.path, () => applySteps(source, steps, calibration));
  if ('reason' in applied) return applied;
  return keeping(place, async () => {
    await makeFolder(path.dirname(place.facts));
    const isBaseline = steps.length === 0;
    const files = isBaseline ? [place.file, ...place.others] : await saveModel(applied.model, place.file);
    // Compresses on another thread while this one hashes.
    const [sizes, hash] = await Promise.all([contentSizes(files), contentHash(files)]);
    const artifact = { sha256: hash, ...sizes, passes: applied.lineage };
    await storeFacts(place, artifact);
    return artifact;
  });
}

function assertHash(bytes: Uint8Array, model: BuildRequest['model']): void {
  const found = sha256(bytes);
  if (found === model.sha256) return;
  throw new AssayError('model-invalid', `${model.path} has SHA-256 ${found}; expected ${model.sha256}.`, {
    hint: 'The file changed since its hash was taken: fetch or export it again, or correct the hash.',
  });
}

interface Applied {
  model: OnnxModel;
  lineage: Artifact['passes'];
}

interface Skipped {
  reason: string;
}

/** A pass with nothing to do ends the variant: without it, the name would promise what the file does not hold. */
async function applySteps(
  source: OnnxModel,
  steps: readonly PassStep[],
  calibration: CalibrationData | undefined,
): Promise<Applied | Skipped> {
  let model = source;
  const lineage: Artifact['passes'] = [];
  for (const step of steps) {
    const outcome = await applyStep(model, step, calibration);
    if (outcome.status === 'nothing-to-do')
      return { reason: `${step.pass} has nothing to do: ${outcome.reason}.` };
    model = outcome.model;
    lineage.push({ pass: step.pass, parameters: { ...step.parameters }, summary: outcome.summary });
  }
  return { model, lineage };
}

async function applyStep(
  model: OnnxModel,
  { pass: name, parameters }: PassStep,
  calibration: CalibrationData | undefined,
): Promise<PassOutcome> {
  const pass = passes[name];
  if (pass.needs === 'nothing') return pass.apply(model, parameters);
  const started = calibration === undefined ? null : startCalibration(calibration);
  if (pass.needs === 'calibration-for-some') return pass.apply(model, parameters, started);
  return started === null
    ? { status: 'nothing-to-do', reason: noCalibration }
    : pass.apply(model, parameters, started);
}

/** Adds the file to what a pass says of a model it cannot rewrite. */
async function naming<Result>(where: string, apply: () => Promise<Result>): Promise<Result> {
  try {
    return await apply();
  } catch (error) {
    if (!(error instanceof AssayError) || error.message.includes(where)) throw error;
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    throw new AssayError(error.code, `${where}: ${error.message}`, { ...hint, cause: error });
  }
}
