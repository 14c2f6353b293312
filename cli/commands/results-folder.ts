import { AssayError } from '../../core/errors.ts';
import { readRuns, type StoredRun } from '../../results/read-runs.ts';
import type { CommonFlags } from '../command.ts';

export type ResultsFlags = CommonFlags & { results: string };

/** The run of the given id, or the newest one. */
export async function findRun(resultsDir: string, id: string | undefined): Promise<StoredRun> {
  const runs = await readRuns(resultsDir);
  const found = id === undefined ? runs.at(-1) : runs.find(({ run }) => run.id === id);
  if (found !== undefined) return found;
  if (id === undefined) {
    throw new AssayError('nothing-measured', `There is no run in ${resultsDir}.`, {
      hint: 'assay run --quick',
    });
  }
  const known = runs.map(({ run }) => run.id).join(', ');
  const message = `There is no run "${id}" in ${resultsDir}. Known: ${known || 'none'}.`;
  throw new AssayError('not-found', message, { hint: 'assay list' });
}
