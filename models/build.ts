import path from 'node:path';
import { makeFolder } from '../core/make-folder.ts';
import { hashOf } from '../core/hash.ts';
import { keeping, readArtifact, storeFacts, type Artifact, type ArtifactPlace } from './artifact-cache.ts';
import { compressedBytes, contentBytes, contentHash } from './content-hash.ts';
import { formatOf, type ModelFormat } from './format.ts';
import { makeOnnx } from './make-onnx.ts';
import { makeTfjs } from './make-tfjs.ts';
import type { Maker } from './maker.ts';
import { naming } from './naming.ts';
import type { Skipped } from './passes/apply.ts';
import type { CalibrationData } from './passes/calibration.ts';
import { removeAbandoned } from './remove-abandoned.ts';
import { parseVariant, stepsOn, whyNotOn, type VariantPlan } from './variant.ts';

/** A variant of a model that is wanted as a file. */
export interface BuildRequest {
  /** An ONNX file, or the `model.json` of a TF.js model; the hash of several files is that of `contentHash`. */
  model: { path: string; sha256: string };
  /** The format wanted: a layers model of TF.js can become ONNX. Left out: the format of the model. */
  format?: ModelFormat;
  /** A name; or a plan, which can leave out nodes that no name holds. */
  variant: string | VariantPlan;
  /** Left out where there are none: a variant with a pass that needs them is then not applicable. */
  calibration?: CalibrationData;
  /** Whether the size after gzip is wanted too, which takes longer than most passes; it is where this is left out. */
  gzip?: boolean;
}

/** What came of a request; `variant` has the fields of a record's variant. */
export type BuildOutcome =
  | { status: 'built'; path: string; variant: Artifact & { name: string; isBaseline: boolean } }
  | { status: 'not-applicable'; reason: string };

const makers: Readonly<Record<ModelFormat, Maker>> = { onnx: makeOnnx, tfjs: makeTfjs };

/**
 * Makes a variant's file, or finds it in `cacheDir`, where it is kept by the hash of all it is made from; one whose content does not
 * match its own hash is made again. The baseline of a model in its own format is the model's file itself. Two builds at once do no
 * harm. Throws `variant-invalid`, `model-invalid`, `not-found` or `results-unwritable`.
 */
export async function buildVariant(request: BuildRequest, cacheDir: string): Promise<BuildOutcome> {
  const { model, variant, format = formatOf(model.path) } = request;
  const plan = typeof variant === 'string' ? parseVariant(variant) : variant;
  if (stepsOn(plan, format) === null) return { status: 'not-applicable', reason: whyNotOn(plan) };
  const maker = makers[format];
  const isSource = plan.steps.length === 0 && formatOf(model.path) === format;
  const place = await placeOf(request, plan, { maker, cacheDir, isSource });
  const made = (await readArtifact(place)) ?? (await makeArtifact(request, plan, { maker, place }));
  if ('reason' in made) return { status: 'not-applicable', reason: made.reason };
  const isBaseline = plan.steps.length === 0;
  const isWhole = request.gzip === false || made.gzipBytes !== null;
  const artifact = isWhole ? made : await withGzip(made, place);
  return { status: 'built', path: place.file, variant: { name: plan.name, isBaseline, ...artifact } };
}

async function placeOf(
  request: BuildRequest,
  plan: VariantPlan,
  { maker, cacheDir, isSource }: { maker: Maker; cacheDir: string; isSource: boolean },
): Promise<ArtifactPlace> {
  const key = path.join(cacheDir, hashOf(await maker.identity(request, plan)));
  const facts = `${key}.json`;
  if (!isSource) return { ...(await maker.kept(key)), facts };
  const { path: file } = request.model;
  return { file, others: await maker.besides(file), facts };
}

async function makeArtifact(
  request: BuildRequest,
  plan: VariantPlan,
  { maker, place }: { maker: Maker; place: ArtifactPlace },
): Promise<Artifact | Skipped> {
  const made = await naming(request.model.path, () => maker.make(request, plan, place.file));
  if ('reason' in made) return made;
  return keeping(place, async () => {
    await makeFolder(path.dirname(place.facts));
    await removeAbandoned(path.dirname(place.facts));
    const { files, sha256 } = await made.write();
    // Compresses on another thread while this one hashes.
    const [gzipBytes, hash, sizeBytes] = await Promise.all([
      request.gzip === false ? null : compressedBytes(files),
      sha256 ?? contentHash(files),
      contentBytes(files),
    ]);
    const artifact = { sha256: hash, sizeBytes, gzipBytes, passes: made.lineage };
    await storeFacts(place, artifact);
    return artifact;
  });
}

function withGzip(artifact: Artifact, place: ArtifactPlace): Promise<Artifact> {
  return keeping(place, async () => {
    const whole = { ...artifact, gzipBytes: await compressedBytes([place.file, ...place.others]) };
    await storeFacts(place, whole);
    return whole;
  });
}
