import { integerTensor } from '../core/integer-tensor.ts';
import type { Tensor } from '../core/tensor.ts';
import type { CellInput } from './cell-input.ts';
import type { Input, MissingPolicy } from './manifest.ts';
import { anyText, badCell, cellOf, isMissingIn, textIn, type Column, type Row } from './row.ts';

type IntegersInput = Extract<Input, { kind: 'integers' }>;

/**
 * Lists of whole numbers, such as the token ids that a tokenizer wrote: int64 [rows, length], padded at their ends. One that is missing and
 * kept is empty.
 */
export function integersOf(
  input: IntegersInput,
  columnOf: (name: string) => Column,
  missing: MissingPolicy,
): CellInput {
  const column = columnOf(input.column);
  const readThere = integerReader(input, column);
  const isNothing = (row: Row): boolean => isMissingIn(row, column, anyText);
  const read = (row: Row): number[] => (missing === 'keep' && isNothing(row) ? [] : readThere(row));
  return {
    check: (rows) => {
      for (const row of rows) read(row);
    },
    fit: () => Promise.resolve((rows) => padded(rows.map(read), input)),
  };
}

function padded(lists: readonly (readonly number[])[], { length, padding }: IntegersInput): Tensor {
  const values = new Int32Array(lists.length * length).fill(padding);
  for (const [row, list] of lists.entries()) values.set(list, row * length);
  return integerTensor(values, [lists.length, length]);
}

function integerReader({ length }: IntegersInput, column: Column): (row: Row) => number[] {
  return (row) => {
    const cell = cellOf(row, column);
    const items: readonly unknown[] = Array.isArray(cell) ? cell : itemsOf(textIn(row, column));
    if (items.length > length)
      throw badCell(
        row,
        column,
        `up to ${length} whole numbers (the "length" of the input; here ${items.length})`,
      );
    return items.map((item) => {
      const value = typeof item === 'string' && /^-?\d+$/.test(item) ? Number(item) : item;
      if (typeof value === 'number' && (value | 0) === value) return value;
      throw badCell(row, column, 'whole numbers of 32 bits, as a list or with spaces between them');
    });
  };
}

/** A text of a list is one, as pandas writes lists and arrays into CSV. */
function itemsOf(text: string): readonly string[] {
  const listed = /^\s*\[\s*(.*?)\s*\]\s*$/s.exec(text)?.[1];
  if (listed === undefined) return text.split(/\s+/);
  return listed === '' ? [] : listed.split(/\s*,\s*|\s+/);
}
