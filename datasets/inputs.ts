import { AssayError } from '../core/errors.ts';
import type { Tensor } from '../core/tensor.ts';
import type { Feature, Input, Scaling } from './manifest.ts';
import { badCell, cellOf, numberIn, textIn, type Cell, type Row, type Table } from './table.ts';

type FeaturesInput = Extract<Input, { kind: 'features' }>;

/** One number of an input: the cell it is read from, how, and how it is scaled. */
interface Slot {
  column: string;
  read: (cell: Cell) => number;
  scaling: Scaling;
}

/** `(value - subtract) / divideBy`. */
interface Affine {
  subtract: number;
  divideBy: number;
}

/** Turns rows into an input tensor with what it learnt from the training rows. */
export type Encoder = (rows: readonly Row[]) => Tensor;

/**
 * An encoder of a features input: float32 [rows, ...shape]. `standardise` takes mean and population standard
 * deviation from `trainRows`; a column that never varies there is only centred, as in scikit-learn's StandardScaler.
 */
export function fitEncoder(input: FeaturesInput, table: Table, trainRows: readonly Row[]): Encoder {
  const slots = input.features
    .flatMap(slotsOf)
    .map((slot) => ({ ...slot, ...fitScale(slot, table, trainRows) }));
  const shape = input.shape ?? [slots.length];
  return (rows) => {
    const data = new Float32Array(rows.length * slots.length);
    for (const [r, row] of rows.entries()) {
      for (const [s, { column, read, subtract, divideBy }] of slots.entries()) {
        data[r * slots.length + s] = (read(cellOf(table, row, column)) - subtract) / divideBy;
      }
    }
    return { type: 'float32', shape: [rows.length, ...shape], data };
  };
}

function slotsOf(feature: Feature): Slot[] {
  switch (feature.kind) {
    case 'number':
      return feature.columns.map((column) => ({ column, read: numberIn, scaling: feature.scaling }));
    case 'year':
      return feature.columns.map((column) => ({ column, read: yearIn, scaling: feature.scaling }));
    case 'one-hot':
      return feature.columns.flatMap((column) =>
        feature.values.map((value): Slot => ({
          column,
          read: oneHot(value, feature.values),
          scaling: 'none',
        })),
      );
  }
}

function yearIn(cell: Cell): number {
  const year = /^(\d{4})(?:-\d{2}){0,2}(?:T.*)?$/.exec(textIn(cell))?.[1];
  if (year === undefined) throw badCell(cell, 'an ISO 8601 date');
  return Number(year);
}

function oneHot(value: string, values: readonly string[]): (cell: Cell) => number {
  return (cell) => {
    const text = textIn(cell);
    if (!values.includes(text)) throw badCell(cell, `one of ${values.join(', ')}`);
    return text === value ? 1 : 0;
  };
}

function fitScale(slot: Slot, table: Table, trainRows: readonly Row[]): Affine {
  if (slot.scaling === 'none') return { subtract: 0, divideBy: 1 };
  if (slot.scaling !== 'standardise') return slot.scaling;
  if (trainRows.length === 0) throw nothingToFit(slot, table);
  const values = trainRows.map((row) => slot.read(cellOf(table, row, slot.column)));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { subtract: mean, divideBy: Math.sqrt(variance) || 1 };
}

function nothingToFit(slot: Slot, table: Table): AssayError {
  return new AssayError(
    'dataset-invalid',
    `${table.where}: column "${slot.column}" is to be standardised, but the split leaves no training row to fit that on.`,
    { hint: 'Give the constants instead: "scaling": { "subtract": mean, "divideBy": deviation }.' },
  );
}
