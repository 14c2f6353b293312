import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { AssayError } from '../core/errors.ts';
import { elsewhere, unwritable, writeWhole } from '../core/write-whole.ts';
import { contentHash } from './content-hash.ts';

const artifactSchema = z.strictObject({
  sha256: z.string(),
  sizeBytes: z.int().positive(),
  /** After gzip at its default level; null until it is asked for. */
  gzipBytes: z.int().positive().nullable(),
  passes: z.array(
    z.strictObject({
      pass: z.string(),
      parameters: z.record(
        z.string(),
        z.union([z.string(), z.number(), z.boolean(), z.array(z.string()).readonly()]),
      ),
      summary: z.string(),
    }),
  ),
});

/** What is known of a built file: its content hash, sizes and lineage. */
export type Artifact = z.output<typeof artifactSchema>;

/** Where a built file is, and where what is known of it. */
export interface ArtifactPlace {
  file: string;
  /** Files beside it that hold weights of it; most models have none. */
  others: readonly string[];
  facts: string;
}

/** What is known of a built file; null where it is not there or its content is not what was built. */
export async function readArtifact({ file, others, facts }: ArtifactPlace): Promise<Artifact | null> {
  const known = parseFacts(await readFile(facts, 'utf8').catch(() => ''));
  if (known === null) return null;
  const found = await contentHash([file, ...others]).catch(() => null);
  return found === known.sha256 ? known : null;
}

function parseFacts(text: string): Artifact | null {
  try {
    return artifactSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Keeps what is known of a built file: written whole or not at all, after the file itself, so that a reader never finds facts without it. */
export async function storeFacts({ facts }: ArtifactPlace, artifact: Artifact): Promise<void> {
  await writeWhole(facts, (to) => to.writeFile(JSON.stringify(artifact)));
}

/** Runs what writes a built file, or of a baseline only what is known of it; throws `disk-full` or `results-unwritable` where the disk refuses. */
export async function keeping<Result>(
  { facts }: ArtifactPlace,
  write: () => Promise<Result>,
): Promise<Result> {
  try {
    return await write();
  } catch (cause) {
    throw ofCache(await unwritable(facts, cause));
  }
}

/** No flag names the folder of variants. */
function ofCache(error: Error): Error {
  if (!(error instanceof AssayError) || error.hint?.endsWith(elsewhere) !== true) return error;
  const other = 'run it in another folder: variants are kept below the one where it runs';
  const hint = error.hint.replace(elsewhere, other);
  return new AssayError(error.code, error.message, { hint, cause: error });
}
