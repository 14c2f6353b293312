import { hashOf } from '../core/hash.ts';
import type { DatasetManifest } from './manifest.ts';

/** They say what a dataset is called and where it lies; the checksum says what it holds. */
const describing: readonly string[] = [
  'id',
  'title',
  'description',
  'source',
  'licence',
  'origin',
  'sizeBytes',
] satisfies (keyof DatasetManifest)[];

/** Hash of all that the rows of a dataset, their inputs and references depend on; not of what only describes it. */
export function dataIdentity(manifest: DatasetManifest): string {
  return hashOf(Object.entries(manifest).filter(([field]) => !describing.includes(field)));
}
