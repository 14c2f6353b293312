import { sha256 } from '../../core/hash.ts';
import type { StoredRecord } from '../../results/schema.ts';

const safeName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/;

/** A name as one segment of a URL and of a file path: itself where it is harmless, else its letters and a hash. */
export function slugOf(name: string): string {
  if (safeName.test(name)) return name;
  const letters = name.replaceAll(/[^A-Za-z0-9]+/g, '-').slice(0, 40);
  return `x${letters}-${sha256(name).slice(0, 8)}`;
}

/** A job's id and kind as one segment, the same in every run of the job. */
export function recordSlug({ id, kind }: Pick<StoredRecord, 'id' | 'kind'>): string {
  return `${id.slice(0, 16)}-${kind}`;
}

/** Every page and file of the site, from its root, without the base. */
export const paths = {
  index: '',
  method: 'method/',
  runs: 'runs/',
  suite: (suiteId: string): string => `suites/${slugOf(suiteId)}/`,
  run: (runId: string): string => `runs/${slugOf(runId)}/`,
  record: (record: Pick<StoredRecord, 'id' | 'kind'>): string => `records/${recordSlug(record)}/`,
  runData: (runId: string): string => `data/${slugOf(runId)}/run.json`,
  recordData: (runId: string, record: Pick<StoredRecord, 'id' | 'kind'>): string =>
    `data/${slugOf(runId)}/${recordSlug(record)}.json`,
} as const;

/** A path below the base, whether the base ends in a slash or not. */
export function joinBase(base: string, path: string): string {
  return `${base.replace(/\/*$/, '')}/${path}`;
}
