import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { hashOf, sha256 } from '../core/hash.ts';
import type { StoredRun } from '../results/read-runs.ts';
import type { CellRecord, PredictionsFile, RunRecord, StoredRecord } from '../results/schema.ts';
import type { RunStore } from '../results/store.ts';
import type { Predictions } from '../tasks/predictions.ts';

/** A record of an earlier run, or of this one before it was cut short, and the folder of its run. */
export interface KnownRecord<Kept extends StoredRecord = StoredRecord> {
  record: Kept;
  runFolder: string;
}

/** The run a record was measured in; null where that is the one it belongs to. */
export function originOf({ record, runFolder }: KnownRecord, { folder }: RunStore): string | null {
  return runFolder === folder ? record.reusedFrom : (record.reusedFrom ?? record.runId);
}

/** What was measured before. */
export interface KnownRecords {
  /**
   * A record of the same measurement: preferably of the same job, with which all that was computed from it holds, too; else the
   * newest. Null where there is none.
   */
  find<Kind extends StoredRecord['kind']>(
    kind: Kind,
    wanted: { measurementId: string; id: string },
  ): KnownRecord<Extract<StoredRecord, { kind: Kind }>> | null;
}

/** What the runs measured whole. */
export function knownRecords(runs: readonly StoredRun[]): KnownRecords {
  const known = runs.flatMap(({ file, records }) =>
    records
      .filter(({ record }) => isMeasured(record))
      .map(({ record }): KnownRecord => ({ record, runFolder: path.dirname(file) })),
  );
  const byMeasurement = Map.groupBy(known, ({ record }) => record.measurementId);
  return {
    find: <Kind extends StoredRecord['kind']>(
      kind: Kind,
      { measurementId, id }: { measurementId: string; id: string },
    ) => {
      type Wanted = KnownRecord<Extract<StoredRecord, { kind: Kind }>>;
      const alike = byMeasurement.get(measurementId)?.filter(({ record }) => record.kind === kind) ?? [];
      const found = alike.findLast(({ record }) => record.id === id) ?? alike.at(-1) ?? null;
      return found as Wanted | null;
    },
  };
}

const cutShort: readonly RunRecord['status'][] = ['running', 'interrupted', 'timed-out'];

/**
 * The newest run of the same suites, where it was cut short and holds nothing that is not planned now, too: a model or a
 * dataset that changed meanwhile needs a run of its own, and a damaged file is not written over. Null otherwise.
 */
export function unfinishedRun(
  runs: readonly StoredRun[],
  run: RunRecord,
  plannedIds: ReadonlySet<string>,
): StoredRun | null {
  const hashes = (one: RunRecord): string => one.suites.map(({ hash }) => hash).join(' ');
  const newest = runs.findLast((stored) => isAlike(stored.run, run) && hashes(stored.run) === hashes(run));
  if (newest === undefined) return null;
  const isCutShort = cutShort.includes(newest.run.status) && newest.damaged.length === 0;
  return isCutShort && newest.records.every(({ record }) => plannedIds.has(record.id)) ? newest : null;
}

function isAlike(a: RunRecord, b: RunRecord): boolean {
  return (
    a.form === b.form &&
    a.assayVersion === b.assayVersion &&
    a.assayRevision === b.assayRevision &&
    a.environment.fingerprint === b.environment.fingerprint &&
    hashOf(a.environment.packages) === hashOf(b.environment.packages)
  );
}

function isMeasured(record: StoredRecord): boolean {
  if (record.measurementId === null) return false;
  if (record.kind !== 'group') return record.outcome.status === 'measured';
  const isVoid = record.warnings.some(({ code }) => code === 'control-failed');
  return !isVoid && record.variants.every(({ timed }) => timed.status !== 'failed');
}

/** Predictions whose file was found as its record says. */
export interface StoredPredictions {
  predictions: Predictions;
  bytes: Uint8Array;
  /** Where it is, relative to the folder of its run. */
  stored: PredictionsFile;
}

/** The predictions of a known cell; null where their file is gone or is not what the record says. */
export async function knownPredictions({
  record: { outcome },
  runFolder,
}: KnownRecord<CellRecord>): Promise<StoredPredictions | null> {
  if (outcome.status !== 'measured' || outcome.predictions === null) return null;
  const file = path.join(runFolder, outcome.predictions.file);
  try {
    const bytes = await readFile(file);
    if (sha256(bytes) !== outcome.predictions.sha256) return null;
    const { decodePredictions } = await import('../tasks/predictions-parquet.ts');
    return { predictions: await decodePredictions(bytes, file), bytes, stored: outcome.predictions };
  } catch {
    return null;
  }
}
