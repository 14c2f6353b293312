import { AssayError } from '../../core/errors.ts';
import { suggest } from '../../core/suggest.ts';
import type { Selection } from './data.ts';

/** Throws where a file lacks a column; the message names the nearest one there is. */
export function requireColumns({ where, columns }: Selection, known: ReadonlySet<string>): void {
  const absent = columns.find((column) => !known.has(column));
  if (absent === undefined) return;
  const nearest = known.size === 0 ? 'Its first row has no columns.' : suggest(absent, [...known]);
  const message = `${where} has no column "${absent}". ${nearest}`;
  throw new AssayError('dataset-invalid', message);
}
