import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { sha256 } from '../core/hash.ts';
import type { StoredRun } from '../results/read-runs.ts';
import type { CellRecord, RunRecord, StoredRecord } from '../results/schema.ts';
import type { RunStore } from '../results/store.ts';
import { decodePredictions } from '../tasks/predictions-parquet.ts';
import type { Predictions } from '../tasks/predictions.ts';

/** A record that was measured before under the same conditions, and the folder of its run. */
export interface KnownRecord {
  record: StoredRecord;
  runFolder: string;
}

/** The run a record was measured in; null where that is the one it belongs to. */
export function originOf({ record, runFolder }: KnownRecord, { folder }: RunStore): string | null {
  return runFolder === folder ? record.reusedFrom : (record.reusedFrom ?? record.runId);
}

/** By id: the hash of all that a record depends on. */
export type KnownRecords = ReadonlyMap<string, KnownRecord>;

/** What earlier runs of the same form, on the same machine, by the same Assay, measured whole; the newest of each id. */
export function knownRecords(runs: readonly StoredRun[], run: RunRecord): KnownRecords {
  const alike = runs.filter((stored) => isAlike(stored.run, run));
  return new Map(
    alike.flatMap(({ file, records }) =>
      records
        .filter(({ record }) => isMeasured(record))
        .map(({ record }) => [record.id, { record, runFolder: path.dirname(file) }] as const),
    ),
  );
}

const cutShort: readonly RunRecord['status'][] = ['running', 'interrupted', 'timed-out'];

/**
 * The newest run of the same suites, where it was cut short and holds nothing that is not planned now, too: a model or a
 * dataset that changed meanwhile needs a run of its own. Null otherwise.
 */
export function unfinishedRun(
  runs: readonly StoredRun[],
  run: RunRecord,
  plannedIds: ReadonlySet<string>,
): StoredRun | null {
  const hashes = (one: RunRecord): string => one.suites.map(({ hash }) => hash).join(' ');
  const newest = runs.findLast((stored) => isAlike(stored.run, run) && hashes(stored.run) === hashes(run));
  if (newest === undefined) return null;
  const isCutShort = cutShort.includes(newest.run.status);
  return isCutShort && newest.records.every(({ record }) => plannedIds.has(record.id)) ? newest : null;
}

function isAlike(a: RunRecord, b: RunRecord): boolean {
  return (
    a.form === b.form &&
    a.assayVersion === b.assayVersion &&
    a.assayRevision === b.assayRevision &&
    a.environment.fingerprint === b.environment.fingerprint
  );
}

function isMeasured(record: StoredRecord): boolean {
  if (record.kind !== 'group') return record.outcome.status === 'measured';
  const isVoid = record.warnings.some(({ code }) => code === 'control-failed');
  return !isVoid && record.variants.every(({ timed }) => timed.status !== 'failed');
}

/** The predictions of a known cell; null where their file is gone or is not what the record says. */
export async function knownPredictions(
  { outcome }: CellRecord,
  runFolder: string,
): Promise<{ predictions: Predictions; sha256: string; bytes: Uint8Array } | null> {
  if (outcome.status !== 'measured' || outcome.predictions === null) return null;
  const file = path.join(runFolder, outcome.predictions.file);
  try {
    const bytes = await readFile(file);
    const hash = sha256(bytes);
    if (hash !== outcome.predictions.sha256) return null;
    return { predictions: await decodePredictions(bytes, file), sha256: hash, bytes };
  } catch {
    return null;
  }
}
