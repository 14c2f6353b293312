import { AssayError } from '../core/errors.ts';
import type { CellInput, Encoder } from './cell-input.ts';
import type { Feature, Input, Scaling } from './manifest.ts';
import { badCell, badChoice, numberIn, textIn, type Column, type Row } from './row.ts';
import type { RowSource } from './row-source.ts';

type FeaturesInput = Extract<Input, { kind: 'features' }>;

/** One number of an input: the cell it is read from, how, and how it is scaled. */
interface Slot {
  column: Column;
  read: (row: Row, column: Column) => number;
  scaling: Scaling;
}

/** `(value - subtract) / divideBy`. */
interface Affine {
  subtract: number;
  divideBy: number;
}

/**
 * The numbers of a features input, float32 [rows, ...shape]. `standardise` takes mean and population standard deviation from the
 * training rows, in a pass over them each; a column that never varies there is only centred, as in scikit-learn's StandardScaler.
 */
export function featuresOf(input: FeaturesInput, columnOf: (name: string) => Column): CellInput {
  const slots = input.features.flatMap((feature) => slotsOf(feature, columnOf));
  const given = affinesOf(slots.flatMap(givenScale));
  return {
    check: (rows) => {
      const isNumeric = rows[0]?.block.isNumeric;
      const doubtful = slots.filter(
        ({ read, column }) => read !== numberIn || isNumeric?.[column.index] !== 1,
      );
      for (const row of rows) for (const { read, column } of doubtful) read(row, column);
      if (!arePlainlyFloat32(rows, given)) for (const slot of slots) requireFloat32(slot, rows);
    },
    fit: async (trainRows) =>
      createEncoder(input.shape ?? [slots.length], slots, await fitScales(slots, trainRows)),
  };
}

function createEncoder(shape: readonly number[], slots: readonly Slot[], scales: readonly Affine[]): Encoder {
  const affines = affinesOf(slots.map((slot, index) => ({ ...slot, ...(scales[index] ?? unscaled) })));
  return (rows) => {
    const data = new Float32Array(rows.length * slots.length);
    encodeRows(rows, { slots, affines }, data);
    return { type: 'float32', shape: [rows.length, ...shape], data };
  };
}

/** Slots by their place in columns of numbers: objects for each cell would take longer than all the rest. */
interface Affines {
  /** Column of a row's numbers; -1 where a slot is read otherwise. */
  columns: Int32Array;
  subtract: Float64Array;
  divideBy: Float64Array;
}

function affinesOf(slots: readonly (Pick<Slot, 'column' | 'read'> & Affine)[]): Affines {
  return {
    columns: Int32Array.from(slots, ({ column, read }) => (read === numberIn ? column.index : -1)),
    subtract: Float64Array.from(slots, ({ subtract }) => subtract),
    divideBy: Float64Array.from(slots, ({ divideBy }) => divideBy),
  };
}

function encodeRows(
  rows: readonly Row[],
  { slots, affines }: { slots: readonly Slot[]; affines: Affines },
  data: Float32Array,
): void {
  const { columns, subtract, divideBy } = affines;
  let next = 0;
  for (const row of rows) {
    const { numbers } = row.block;
    const start = row.index * row.block.columns;
    for (let slot = 0; slot < columns.length; slot++) {
      const column = columns[slot] as number;
      const plain = column === -1 ? NaN : (numbers[start + column] as number);
      const value = Number.isNaN(plain) ? readSlot(slots[slot], row) : plain;
      data[next++] = (value - (subtract[slot] as number)) / (divideBy[slot] as number);
    }
  }
}

function readSlot(slot: Slot | undefined, row: Row): number {
  return slot === undefined ? NaN : slot.read(row, slot.column);
}

/** A number with constants that the manifest gives; a fitted one is near 0. */
function givenScale(slot: Slot): (Slot & Affine)[] {
  const { read, scaling } = slot;
  if (scaling === 'standardise' || read !== numberIn) return [];
  return [{ ...slot, ...(scaling === 'none' ? unscaled : scaling) }];
}

/** Whether the input holds all numbers with given constants, as far as a quick look tells. */
function arePlainlyFloat32(rows: readonly Row[], { columns, subtract, divideBy }: Affines): boolean {
  for (const { block, index } of rows) {
    const start = index * block.columns;
    for (let slot = 0; slot < columns.length; slot++) {
      const value = block.numbers[start + (columns[slot] as number)] as number;
      const scaled = (value - (subtract[slot] as number)) / (divideBy[slot] as number);
      if (!(Math.abs(Math.fround(scaled)) < Infinity)) return false;
    }
  }
  return true;
}

/** Throws where a number with given constants is beyond what the input holds. */
function requireFloat32(slot: Slot, rows: readonly Row[]): void {
  for (const { column, read, subtract, divideBy } of givenScale(slot)) {
    for (const row of rows) {
      if (Math.abs(Math.fround((read(row, column) - subtract) / divideBy)) === Infinity)
        throw badCell(row, column, 'a number that float32 holds (at most 3.4e38 once it is scaled)');
    }
  }
}

function slotsOf(feature: Feature, columnOf: (name: string) => Column): Slot[] {
  const columns = feature.columns.map(columnOf);
  switch (feature.kind) {
    case 'number':
      return columns.map((column) => ({ column, read: numberIn, scaling: feature.scaling }));
    case 'year':
      return columns.map((column) => ({ column, read: yearIn, scaling: feature.scaling }));
    case 'one-hot':
      return columns.flatMap((column) =>
        feature.values.map((value): Slot => ({
          column,
          read: oneHot(value, feature.values),
          scaling: 'none',
        })),
      );
  }
}

function yearIn(row: Row, column: Column): number {
  const year = /^(\d{4})(?:-\d{2}){0,2}(?:T.*)?$/.exec(textIn(row, column))?.[1];
  if (year === undefined) throw badCell(row, column, 'an ISO 8601 date');
  return Number(year);
}

function oneHot(value: string, values: readonly string[]): Slot['read'] {
  return (row, column) => {
    const text = textIn(row, column);
    if (!values.includes(text)) throw badChoice(row, column, values);
    return text === value ? 1 : 0;
  };
}

const unscaled: Affine = { subtract: 0, divideBy: 1 };

async function fitScales(slots: readonly Slot[], trainRows: RowSource): Promise<Affine[]> {
  const fitted = slots.filter(({ scaling }) => scaling === 'standardise');
  const moments = fitted.length === 0 ? [] : await standardise(fitted, trainRows);
  const momentOf = new Map(fitted.map((slot, index) => [slot, moments[index]]));
  return slots.map((slot) => {
    if (slot.scaling === 'none') return unscaled;
    return slot.scaling === 'standardise' ? (momentOf.get(slot) ?? unscaled) : slot.scaling;
  });
}

/** Mean and deviation of each slot. */
async function standardise(slots: readonly Slot[], trainRows: RowSource): Promise<Affine[]> {
  const [sums, rows] = await sumOver(slots, trainRows, (value) => value);
  const [first] = slots;
  if (rows === 0 && first !== undefined) throw nothingToFit(first);
  const means = sums.map((sum) => sum / rows);
  const [squares] = await sumOver(slots, trainRows, (value, index) => (value - (means[index] ?? 0)) ** 2);
  return slots.map((_, index) => ({
    subtract: means[index] ?? 0,
    divideBy: Math.sqrt((squares[index] ?? 0) / rows) || 1,
  }));
}

async function sumOver(
  slots: readonly Slot[],
  rows: RowSource,
  term: (value: number, slot: number) => number,
): Promise<[sums: Float64Array, rows: number]> {
  const sums = new Float64Array(slots.length);
  let count = 0;
  for await (const some of rows()) {
    count += some.length;
    for (const row of some) {
      for (const [index, { read, column }] of slots.entries())
        sums[index] = (sums[index] ?? 0) + term(read(row, column), index);
    }
  }
  return [sums, count];
}

function nothingToFit({ column }: Slot): AssayError {
  return new AssayError(
    'dataset-invalid',
    `${column.where}: column "${column.name}" is to be standardised, but the split leaves no training row to fit that on.`,
    { hint: 'Give the constants instead: "scaling": { "subtract": mean, "divideBy": deviation }.' },
  );
}
