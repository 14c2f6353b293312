import path from 'node:path';
import { AssayError } from '../../core/errors.ts';
import { damagedIn, readRuns, type StoredRun, type StoredRuns } from '../../results/read-runs.ts';
import { inRunOrder } from '../../results/record-order.ts';
import type { CommonFlags } from '../command.ts';
import { formatDamaged } from '../reporters/damaged.ts';

export type ResultsFlags = CommonFlags & { results: string };

/**
 * The run of the given id, or the newest one, its records in the order in which it was asked for. Throws where it is damaged itself; of other runs that are, a warning tells on
 * stderr.
 */
export async function findRun(resultsDir: string, id: string | undefined): Promise<StoredRun> {
  const stored = await readRuns(resultsDir);
  const wanted = id ?? newestName(stored);
  const found = stored.runs.find(({ run }) => run.id === wanted);
  const damage = found?.damaged[0] ?? stored.unreadable.find(({ file }) => nameOf(file) === wanted);
  if (damage !== undefined) throw damage.error;
  if (found === undefined) throw noRun(resultsDir, id, stored);
  process.stderr.write(formatDamaged(damagedIn(stored), 'nothing of it is looked at'));
  return { ...found, records: inRunOrder(found.run, found.records) };
}

/** Of a run that cannot be read, the name of its folder tells when it began. */
function newestName({ runs, unreadable }: StoredRuns): string | undefined {
  const newest = runs.at(-1)?.run.id;
  const names = unreadable.map(({ file }) => nameOf(file));
  return names.reduce((last, name) => (last === undefined || name > last ? name : last), newest);
}

function nameOf(runFile: string): string {
  return path.basename(path.dirname(runFile));
}

function noRun(resultsDir: string, id: string | undefined, { runs }: StoredRuns): AssayError {
  if (id === undefined)
    return new AssayError('nothing-measured', `There is no run in ${resultsDir}.`, {
      hint: 'assay run --quick',
    });
  const known = runs.map(({ run }) => run.id).join(', ');
  const message = `There is no run "${id}" in ${resultsDir}. Known: ${known || 'none'}.`;
  return new AssayError('not-found', message, { hint: 'assay list' });
}
