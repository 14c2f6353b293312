import { AssayError } from '../../core/errors.ts';
import { suggest } from '../../core/suggest.ts';
import type { Selection } from './data.ts';

/** Throws where a file lacks a column; the message names the nearest one there is. */
export function requireColumns({ where, columns }: Selection, known: ReadonlySet<string>): void {
  const absent = columns.find((column) => !known.has(column));
  if (absent === undefined) return;
  const message = `${where} has no column "${absent}". ${suggest(absent, [...known])}`;
  throw new AssayError('dataset-invalid', message);
}
