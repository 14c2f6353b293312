import type { CellInput } from './cell-input.ts';
import type { Input, MissingPolicy } from './manifest.ts';
import { anyText, cellOf, isMissingIn, textIn, type Column, type Row } from './row.ts';

type TextsInput = Extract<Input, { kind: 'texts' }>;

/**
 * Texts as they are, for models that take words apart or look them up themselves: string [rows, ...shape]. One that is missing and kept
 * is empty.
 */
export function textsOf(
  { columns, shape }: TextsInput,
  columnOf: (name: string) => Column,
  missing: MissingPolicy,
): CellInput {
  const places = columns.map(columnOf);
  const inner = shape ?? [columns.length];
  const read = missing === 'keep' ? textOrNothingIn : wholeTextIn;
  const textsIn = (row: Row): string[] => places.map((column) => read(row, column));
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

function textOrNothingIn(row: Row, column: Column): string {
  return isMissingIn(row, column, anyText) ? '' : wholeTextIn(row, column);
}
