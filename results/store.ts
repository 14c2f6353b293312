import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { AssayError } from '../core/errors.ts';
import { makeFolder } from '../core/make-folder.ts';
import { syncFolder, unfinishedEnding, unwritable, writeWhole } from '../core/write-whole.ts';
import { recordSchema, runRecordSchema, type RunRecord, type StoredRecord } from './schema.ts';

/** Where one run's files go. */
export interface RunStore {
  folder: string;
  /** Writes a finished record whole and synced, or throws; an interruption later cannot take it back. */
  saveRecord(record: StoredRecord): Promise<void>;
  saveRun(run: RunRecord): Promise<void>;
  /** Writes a cell's predictions and returns their path relative to `folder`. */
  savePredictions(cellId: string, parquet: Uint8Array): Promise<string>;
}

/** Creates `<resultsDir>/runs/<run.id>/`; an existing run is never touched. */
export async function createRunStore(
  resultsDir: string,
  run: RunRecord,
  assertHeld?: () => void,
): Promise<RunStore> {
  const folder = path.join(resultsDir, 'runs', run.id);
  await makeNewFolder(folder);
  const store = storeIn(folder, assertHeld);
  await store.saveRun(run);
  return store;
}

/**
 * The store of a run that was cut short, to go on with it, without the files that it was writing when it was killed. `assertHeld`
 * throws where another writes to it now.
 */
export async function resumeRunStore(folder: string, assertHeld?: () => void): Promise<RunStore> {
  assertHeld?.();
  for (const name of await readdir(folder, { recursive: true }))
    if (name.endsWith(unfinishedEnding)) await rm(path.join(folder, name), { force: true });
  return storeIn(folder, assertHeld);
}

function storeIn(folder: string, assertHeld: () => void = () => undefined): RunStore {
  const write = async (file: string, content: string | Uint8Array): Promise<void> => {
    assertHeld();
    await writeWhole(path.join(folder, file), (to) => to.writeFile(content));
  };
  return {
    folder,
    saveRecord: async (record) => write(`records/${record.id}.json`, asText(recordSchema.parse(record))),
    saveRun: async (changed) => write('run.json', asText(runRecordSchema.parse(changed))),
    savePredictions: async (cellId, parquet) => {
      const file = `predictions/${cellId}.parquet`;
      await write(file, parquet);
      return file;
    },
  };
}

/** Makes the folder that holds all runs, or throws with what to do. */
export async function makeResultsFolder(resultsDir: string): Promise<void> {
  try {
    await makeFolder(path.resolve(resultsDir));
  } catch (cause) {
    throw await unwritable(resultsDir, cause);
  }
}

async function makeNewFolder(folder: string): Promise<void> {
  try {
    await makeFolder(path.dirname(folder));
    await mkdir(folder);
    await mkdir(path.join(folder, 'records'));
    await mkdir(path.join(folder, 'predictions'));
    await syncFolder(folder);
    await syncFolder(path.dirname(folder));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST')
      throw new AssayError('results-unwritable', `Run ${folder} is already there; it is kept.`, { cause });
    throw await unwritable(folder, cause);
  }
}

function asText(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}
