import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { AssayError } from '../core/errors.ts';
import { writtenRun } from './lock.ts';
import { readRecordFile, unreadable } from './read-record-file.ts';
import { recordSchema, runRecordSchema, type RunRecord, type StoredRecord } from './schema.ts';

/** A record and the file it was read from. */
export interface FiledRecord {
  file: string;
  record: StoredRecord;
}

/** A file that holds no record any more; the error says why. */
export interface DamagedFile {
  file: string;
  error: AssayError;
}

/** A run as it lies in `<results>/runs/<id>/`. */
export interface StoredRun {
  /** The file of the run record. */
  file: string;
  run: RunRecord;
  records: readonly FiledRecord[];
  /** Files among the records that are left out. */
  damaged: readonly DamagedFile[];
}

export interface StoredRuns {
  /** Oldest first. */
  runs: StoredRun[];
  /** The `run.json` of each run that is left out, since that is damaged. */
  unreadable: DamagedFile[];
}

/**
 * Every run below a results folder, migrated and validated; none where there is no folder. One in which nothing was written yet
 * is left out, and so is what is damaged. A run that says it is running while nobody writes it is `interrupted`: its process was
 * killed, or its disk was full. Throws `record-newer` where a file is of a newer Assay.
 */
export async function readRuns(resultsDir: string): Promise<StoredRuns> {
  const folder = path.join(resultsDir, 'runs');
  const names = await namesIn(folder, (entry) => entry.isDirectory());
  // Asked twice: a run may begin or end meanwhile.
  const before = writtenRun(resultsDir);
  const read = await Promise.all(names.map((name) => readLeniently(path.join(folder, name))));
  const written = [before, writtenRun(resultsDir)];
  const runs = read.flatMap((found) => (found === null || 'error' in found ? [] : [found]));
  return {
    runs: runs.map((stored) => withStatusNow(stored, written)).sort(fromOldToNew),
    unreadable: read.flatMap((found) => (found !== null && 'error' in found ? [found] : [])),
  };
}

type ReadonlyRuns = { [Part in keyof StoredRuns]: readonly StoredRuns[Part][number][] };

/** Every file of a results folder that is left out. */
export function damagedIn({ runs, unreadable }: ReadonlyRuns): DamagedFile[] {
  return [...unreadable, ...runs.flatMap(({ damaged }) => damaged)];
}

/** One run by its folder; null where nothing was written yet. Throws for a damaged file, too. */
export async function readRun(folder: string): Promise<StoredRun | null> {
  const stored = await readFolder(folder);
  const [damaged] = stored?.damaged ?? [];
  if (damaged !== undefined) throw damaged.error;
  return stored;
}

function withStatusNow(stored: StoredRun, written: readonly (string | null)[]): StoredRun {
  const isLeft = stored.run.status === 'running' && !written.includes(stored.run.id);
  return isLeft ? { ...stored, run: { ...stored.run, status: 'interrupted' } } : stored;
}

async function readLeniently(folder: string): Promise<StoredRun | DamagedFile | null> {
  try {
    return await readFolder(folder);
  } catch (thrown) {
    return { file: path.join(folder, 'run.json'), error: damageOf(thrown) };
  }
}

async function readFolder(folder: string): Promise<StoredRun | null> {
  const recordsFolder = path.join(folder, 'records');
  const names = await namesIn(recordsFolder, (entry) => entry.isFile() && entry.name.endsWith('.json'));
  const file = path.join(folder, 'run.json');
  const isUnwritten =
    names.length === 0 && !(await namesIn(folder, (entry) => entry.isFile())).includes('run.json');
  if (isUnwritten) return null;
  const run = await readRecordFile(file, { what: 'run record', schema: runRecordSchema });
  const records: FiledRecord[] = [];
  const damaged: DamagedFile[] = [];
  for (const name of names) {
    const found = await readRecord(path.join(recordsFolder, name));
    if ('error' in found) damaged.push(found);
    else records.push(found);
  }
  return { file, run, records, damaged };
}

async function readRecord(file: string): Promise<FiledRecord | DamagedFile> {
  try {
    return { file, record: await readRecordFile(file, { what: 'record', schema: recordSchema }) };
  } catch (thrown) {
    return { file, error: damageOf(thrown) };
  }
}

/** What is of a newer Assay is no damage, and a fault of ours none either. */
function damageOf(thrown: unknown): AssayError {
  if (thrown instanceof AssayError && thrown.code === 'record-invalid') return thrown;
  throw thrown;
}

function fromOldToNew(a: StoredRun, b: StoredRun): number {
  return compareText(a.run.startedAt, b.run.startedAt) || compareText(a.run.id, b.run.id);
}

async function namesIn(folder: string, isWanted: (entry: DirectoryEntry) => boolean): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter(isWanted)
      .map((entry) => entry.name)
      .sort(compareText);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
    throw unreadable(folder, cause);
  }
}

interface DirectoryEntry {
  name: string;
  isDirectory(): boolean;
  isFile(): boolean;
}

/** By code unit, so that the order is the same on every machine. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
