import { sha256 } from '../../core/hash.ts';
import type { StoredRecord } from '../../results/schema.ts';

const safeName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/;
/** Windows has devices of these names in every folder, whatever comes after a dot, and drops a dot at the end. */
const unsafeOnWindows = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)|\.$/i;

/** A name as one segment of a URL and of a file path: itself where it is harmless, else its letters and a hash. */
export function slugOf(name: string): string {
  if (safeName.test(name) && !unsafeOnWindows.test(name)) return name;
  const letters = name.replaceAll(/[^A-Za-z0-9]+/g, '-').slice(0, 40);
  return `x${letters}-${sha256(name).slice(0, 8)}`;
}

type Target = StoredRecord['subject']['target'];
type Named = Pick<StoredRecord, 'id' | 'kind'> & { subject: { target: Pick<Target, 'label'> } };

/** A job's id and kind as one segment, the same in every run of the job; the label tells other machines' records apart. */
export function recordSlug({ id, kind, subject: { target } }: Named): string {
  const label = target.label === null ? '' : `-${sha256(target.label).slice(0, 8)}`;
  return `${id.slice(0, 16)}-${kind}${label}`;
}

/** Every page and file of the site, from its root, without the base. */
export const paths = {
  index: '',
  method: 'method/',
  runs: 'runs/',
  suite: (suiteId: string): string => `suites/${slugOf(suiteId)}/`,
  run: (runId: string): string => `runs/${slugOf(runId)}/`,
  record: (record: Named): string => `records/${recordSlug(record)}/`,
  runData: (runId: string): string => `data/${slugOf(runId)}/run.json`,
  recordData: (runId: string, record: Named): string => `data/${slugOf(runId)}/${recordSlug(record)}.json`,
} as const;

/** A path below the base, whether the base ends in a slash or not. */
export function joinBase(base: string, path: string): string {
  return `${base.replace(/\/*$/, '')}/${path}`;
}
