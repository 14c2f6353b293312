import path from 'node:path';
import { makeFolder } from '../core/make-folder.ts';
import { hashOf } from '../core/hash.ts';
import { keeping, readArtifact, storeFacts, type Artifact, type ArtifactPlace } from './artifact-cache.ts';
import { compressedBytes, contentBytes, contentHash } from './content-hash.ts';
import { formatOf, type ModelFormat } from './format.ts';
import { makeOnnx } from './make-onnx.ts';
import { makeTfjs } from './make-tfjs.ts';
import type { Maker } from './maker.ts';
import { markFiles, type MarkedFile } from './marked-files.ts';
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

/** What came of a request; `variant` has the fields of a record's variant, `files` are those that its hash is of. */
export type BuildOutcome =
  | {
      status: 'built';
      path: string;
      files: readonly MarkedFile[];
      variant: Artifact & { name: string; isBaseline: boolean };
    }
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
  const made = (await findArtifact(place)) ?? (await makeArtifact(request, plan, { maker, place }));
  if ('reason' in made) return { status: 'not-applicable', reason: made.reason };
  const isBaseline = plan.steps.length === 0;
  const { files } = made;
  const isWhole = request.gzip === false || made.artifact.gzipBytes !== null;
  const artifact = isWhole ? made.artifact : await withGzip(made.artifact, place);
  return { status: 'built', path: place.file, files, variant: { name: plan.name, isBaseline, ...artifact } };
}

/** A built file, and the files that hold it, marked before they were hashed. */
interface Built {
  artifact: Artifact;
  files: readonly MarkedFile[];
}

async function findArtifact(place: ArtifactPlace): Promise<Built | null> {
  const files = await markFiles([place.file, ...place.others]).catch(() => null);
  const artifact = files === null ? null : await readArtifact(place);
  return files === null || artifact === null ? null : { artifact, files };
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
): Promise<Built | Skipped> {
  const made = await naming(request.model.path, () => maker.make(request, plan, place.file));
  if ('reason' in made) return made;
  return keeping(place, async () => {
    await makeFolder(path.dirname(place.facts));
    await removeAbandoned(path.dirname(place.facts));
    const { files, sha256 } = await made.write();
    const marked = await markFiles(files);
    // Compresses on another thread while this one hashes.
    const [gzipBytes, hash, sizeBytes] = await Promise.all([
      request.gzip === false ? null : compressedBytes(files),
      sha256 ?? contentHash(files),
      contentBytes(files),
    ]);
    const artifact = { sha256: hash, sizeBytes, gzipBytes, passes: made.lineage };
    await storeFacts(place, artifact);
    return { artifact, files: marked };
  });
}

function withGzip(artifact: Artifact, place: ArtifactPlace): Promise<Artifact> {
  return keeping(place, async () => {
    const whole = { ...artifact, gzipBytes: await compressedBytes([place.file, ...place.others]) };
    await storeFacts(place, whole);
    return whole;
  });
}
