import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readRuns, type StoredRun } from '../../results/read-runs.ts';
import { writeSampleRun } from '../fakes/stored-runs.ts';

/** The sample run as it is read back. */
export async function sampleRuns(): Promise<StoredRun[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-sample-'));
  try {
    await writeSampleRun(folder);
    return (await readRuns(folder)).runs;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
