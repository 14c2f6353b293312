import type { CellInput } from './cell-input.ts';
import type { Input } from './manifest.ts';
import { cellOf, textIn, type Column, type Row } from './row.ts';

type TextsInput = Extract<Input, { kind: 'texts' }>;

/** Texts as they are, for models that take words apart or look them up themselves: string [rows, ...shape]. */
export function textsOf({ columns, shape }: TextsInput, columnOf: (name: string) => Column): CellInput {
  const places = columns.map(columnOf);
  const inner = shape ?? [columns.length];
  const textsIn = (row: Row): string[] => places.map((column) => wholeTextIn(row, column));
  return {
    check: (rows) => {
      for (const row of rows) textsIn(row);
    },
    fit: () =>
      Promise.resolve((rows) => ({
        type: 'string',
        shape: [rows.length, ...inner],
        data: rows.map(textsIn).flat(),
      })),
  };
}

/** With the spaces at its ends: they may be tokens of the model. */
function wholeTextIn(row: Row, column: Column): string {
  const cell = cellOf(row, column);
  return typeof cell === 'string' ? cell : textIn(row, column);
}
