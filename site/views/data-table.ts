import type { FigureText } from './comparison-table.ts';
import type { Mark } from './marks.ts';

/** A column; `hint` is its unit or direction. */
export interface Column {
  name: string;
  hint: string;
}

/** A cell: text with an interval or a remark below it, and a verdict where it is judged. */
export interface DataCell extends FigureText {
  mark: Mark | null;
}

/** A plain table: the first cell of each row names it. */
export interface DataTable {
  caption: string;
  columns: readonly Column[];
  rows: readonly { name: string; path: string | null; cells: readonly DataCell[] }[];
}

export function textCell(value: string, range: string | null = null): DataCell {
  return { value, range, mark: null };
}

export function column(name: string, hint = ''): Column {
  return { name, hint };
}
