import type { ColumnOf, ReferenceReader } from './references.ts';
import { badCell, numberIn, textIn, type Column, type Row } from './row.ts';
import type { TargetOf } from './target.ts';

/** How relevant each row is as a candidate of its query. */
export function gainsReader({ column, queryColumn }: TargetOf<'gain'>, columnOf: ColumnOf): ReferenceReader {
  const [gain, query] = [columnOf(column), columnOf(queryColumn)];
  return (rows) => ({
    kind: 'gains',
    queries: rows.map((row) => textIn(row, query)),
    gains: Float64Array.from(rows, (row) => gainIn(row, gain)),
  });
}

function gainIn(row: Row, column: Column): number {
  const gain = numberIn(row, column);
  if (gain < 0) throw badCell(row, column, 'a gain of 0 or more');
  return gain;
}
