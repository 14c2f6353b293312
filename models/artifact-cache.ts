import { readFile } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { makeFolder } from '../core/make-folder.ts';
import { AssayError, messageOf } from '../core/errors.ts';
import { sha256 } from '../core/hash.ts';

const artifactSchema = z.strictObject({
  sha256: z.string(),
  sizeBytes: z.int().positive(),
  /** After gzip at its default level. */
  gzipBytes: z.int().positive(),
  passes: z.array(
    z.strictObject({
      pass: z.string(),
      parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
      summary: z.string(),
    }),
  ),
});

/** What is known of a built file: its content hash, sizes and lineage. */
export type Artifact = z.output<typeof artifactSchema>;

/** Where a built file is, and where what is known of it. */
export interface ArtifactPlace {
  file: string;
  facts: string;
}

/** What is known of a built file; null where it is not there or its content is not what was built. */
export async function readArtifact({ file, facts }: ArtifactPlace): Promise<Artifact | null> {
  const known = parseFacts(await readFile(facts, 'utf8').catch(() => ''));
  if (known === null) return null;
  const bytes = await readFile(file).catch(() => null);
  return bytes !== null && sha256(bytes) === known.sha256 ? known : null;
}

function parseFacts(text: string): Artifact | null {
  try {
    return artifactSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/**
 * Keeps what is known of a built file, and its bytes unless they are null (a file that is there already). Each file is
 * written whole or not at all, the facts last: a reader never finds facts without the file they are about.
 * Throws `results-unwritable`.
 */
export async function storeArtifact(
  place: ArtifactPlace,
  artifact: Artifact,
  bytes: Uint8Array | null,
): Promise<void> {
  try {
    await makeFolder(path.dirname(place.facts));
    if (bytes !== null)
      await writeFileAtomic(place.file, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    await writeFileAtomic(place.facts, JSON.stringify(artifact));
  } catch (cause) {
    throw new AssayError(
      'results-unwritable',
      `Cannot keep a built variant at ${place.file}: ${messageOf(cause)}.`,
      {
        cause,
      },
    );
  }
}
