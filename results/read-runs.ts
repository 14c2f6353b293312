import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AssayError } from '../core/errors.ts';
import { parseJson, parseWith, type Source } from '../core/parse.ts';
import { migrate } from './migrate.ts';
import { recordSchema, runRecordSchema, type RunRecord, type StoredRecord } from './schema.ts';

/** A record and the file it was read from. */
export interface FiledRecord {
  file: string;
  record: StoredRecord;
}

/** A run as it lies in `<results>/runs/<id>/`. */
export interface StoredRun {
  /** The file of the run record. */
  file: string;
  run: RunRecord;
  records: readonly FiledRecord[];
}

/** A larger file is no record: the raw pairs of the longest timing take a few megabytes. */
const maxRecordBytes = 64 * 1024 * 1024;

const refusal = {
  code: 'record-invalid',
  hint: 'measure again, or move the folder of this run away',
} as const;

/**
 * Every run below a results folder, oldest first, migrated and validated; empty where there is none. A folder in which
 * nothing was written yet is left out. Throws an AssayError that names the file and the field of what is wrong.
 */
export async function readRuns(resultsDir: string): Promise<StoredRun[]> {
  const folder = path.join(resultsDir, 'runs');
  const names = await namesIn(folder, (entry) => entry.isDirectory());
  const runs: StoredRun[] = [];
  for (const name of names) {
    const run = await readRun(path.join(folder, name));
    if (run !== null) runs.push(run);
  }
  return runs.sort(fromOldToNew);
}

function nullUnlessNewer(thrown: unknown): null {
  if (thrown instanceof AssayError && thrown.code === 'record-newer') throw thrown;
  return null;
}

function fromOldToNew(a: StoredRun, b: StoredRun): number {
  return compareText(a.run.startedAt, b.run.startedAt) || compareText(a.run.id, b.run.id);
}

/** Every run that can be read, oldest first; one that is broken is left out. Throws `record-newer` where one is of a newer Assay. */
export async function readReadableRuns(resultsDir: string): Promise<StoredRun[]> {
  const folder = path.join(resultsDir, 'runs');
  const names = await namesIn(folder, (entry) => entry.isDirectory());
  const read = names.map((name) => readRun(path.join(folder, name)).catch(nullUnlessNewer));
  return (await Promise.all(read)).filter((run) => run !== null).sort(fromOldToNew);
}

/** One run by its folder; null where nothing was written yet. */
export async function readRun(folder: string): Promise<StoredRun | null> {
  const recordsFolder = path.join(folder, 'records');
  const names = await namesIn(recordsFolder, (entry) => entry.isFile() && entry.name.endsWith('.json'));
  const file = path.join(folder, 'run.json');
  const isUnwritten =
    names.length === 0 && !(await namesIn(folder, (entry) => entry.isFile())).includes('run.json');
  if (isUnwritten) return null;
  const run = await readStored(runRecordSchema, { what: 'run record', where: file, ...refusal });
  const records: FiledRecord[] = [];
  for (const name of names) records.push(await readRecord(path.join(recordsFolder, name)));
  return { file, run, records };
}

async function readRecord(file: string): Promise<FiledRecord> {
  const record = await readStored(recordSchema, { what: 'record', where: file, ...refusal });
  return { file, record };
}

async function readStored<Schema extends z.ZodType>(
  schema: Schema,
  source: Source,
): Promise<z.output<Schema>> {
  const stored = parseJson(z.unknown(), await readBounded(source), source);
  return parseWith(schema, migrate(stored, source), source);
}

async function readBounded(source: Source): Promise<string> {
  try {
    const { size } = await stat(source.where);
    if (size > maxRecordBytes) throw new AssayError(source.code, tooLarge(source.where, size));
    return await readFile(source.where, 'utf8');
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    const message = `${source.where} is missing; a run folder holds one beside its records.`;
    throw new AssayError(source.code, message, {
      hint: `remove ${path.dirname(source.where)}, or measure again`,
    });
  }
}

function tooLarge(file: string, size: number): string {
  return `${file} is ${size} bytes; a ${path.basename(file)} of at most ${maxRecordBytes} is accepted.`;
}

async function namesIn(folder: string, isWanted: (entry: DirectoryEntry) => boolean): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter(isWanted)
      .map((entry) => entry.name)
      .sort(compareText);
  } catch (cause) {
    if (isMissing(cause)) return [];
    throw cause;
  }
}

interface DirectoryEntry {
  name: string;
  isDirectory(): boolean;
  isFile(): boolean;
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}

/** By code unit, so that the order is the same on every machine. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
