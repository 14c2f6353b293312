import { AssayError } from '../core/errors.ts';
import type { CellInput, Encoder } from './cell-input.ts';
import type { Feature, Input, Scaling } from './manifest.ts';
import { badCell, badChoice, numberIn, textIn, type Column, type Row } from './row.ts';
import type { RowSource } from './row-source.ts';
import type { RowBlock } from './row-block.ts';
import { Rows, type RowsOfBlock } from './rows.ts';

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
  const given = slots.flatMap(givenScale);
  return {
    check: (rows) => {
      const isNumeric = rows.parts[0]?.block.isNumeric;
      const doubtful = slots.filter(
        ({ read, column }) => read !== numberIn || isNumeric?.[column.index] !== 1,
      );
      // Not a row is made where all is plain.
      if (doubtful.length > 0)
        for (const row of rows) for (const { read, column } of doubtful) read(row, column);
      for (const slot of given) if (!isPlainlyFloat32(slot, rows)) requireFloat32(slot, rows);
    },
    fit: async (trainRows) =>
      createEncoder(input.shape ?? [slots.length], slots, await fitScales(slots, trainRows)),
  };
}

function createEncoder(shape: readonly number[], slots: readonly Slot[], scales: readonly Affine[]): Encoder {
  const scaled = slots.map((slot, index) => ({ ...slot, ...(scales[index] ?? unscaled) }));
  const encode = partEncoder(scaled);
  return (rows) => {
    // In memory that threads share: they would have to copy it.
    const data = new Float32Array(new SharedArrayBuffer(4 * rows.length * slots.length));
    let next = 0;
    for (const part of rows.parts) {
      const end = next + part.indices.length * slots.length;
      encode(part, data.subarray(next, end));
      next = end;
    }
    return { type: 'float32', shape: [rows.length, ...shape], data };
  };
}

type ScaledSlot = Slot & Affine;

/** Puts the slots of each row where they belong, row-major. */
function partEncoder(slots: readonly ScaledSlot[]): (part: RowsOfBlock, data: Float32Array) => void {
  const affines = affinesOf(slots);
  const isScaled = slots.some(({ subtract, divideBy }) => subtract !== 0 || divideBy !== 1);
  const gather = isScaled ? gatherScaled : gatherNumbers;
  return (part, data) => {
    gather(part, affines, data);
    for (const [place, slot] of slots.entries())
      if (!isPlain(slot, part.block)) readSlot(part, slot, { data, place, width: slots.length });
  };
}

/** Whether all cells of a slot are there as numbers. */
function isPlain({ read, column }: Slot, { isNumeric }: RowBlock): boolean {
  return read === numberIn && isNumeric[column.index] === 1;
}

/** Slots by their place in columns of numbers: objects for each cell would take longer than all the rest. */
interface Affines {
  columns: Int32Array;
  subtract: Float64Array;
  divideBy: Float64Array;
}

function affinesOf(slots: readonly ScaledSlot[]): Affines {
  return {
    columns: Int32Array.from(slots, ({ column }) => column.index),
    subtract: Float64Array.from(slots, ({ subtract }) => subtract),
    divideBy: Float64Array.from(slots, ({ divideBy }) => divideBy),
  };
}

function gatherNumbers({ block, indices }: RowsOfBlock, { columns }: Affines, data: Float32Array): void {
  const { numbers } = block;
  let next = 0;
  for (const index of indices) {
    const start = index * block.columns;
    for (let slot = 0; slot < columns.length; slot++)
      data[next + slot] = numbers[start + (columns[slot] as number)] as number;
    next += columns.length;
  }
}

function gatherScaled({ block, indices }: RowsOfBlock, affines: Affines, data: Float32Array): void {
  const { columns, subtract, divideBy } = affines;
  const { numbers } = block;
  let next = 0;
  for (const index of indices) {
    const start = index * block.columns;
    for (let slot = 0; slot < columns.length; slot++) {
      const value = numbers[start + (columns[slot] as number)] as number;
      data[next++] = (value - (subtract[slot] as number)) / (divideBy[slot] as number);
    }
  }
}

/** Where a slot of rows is put. */
interface SlotPlace {
  data: Float32Array;
  place: number;
  width: number;
}

function readSlot(part: RowsOfBlock, slot: ScaledSlot, { data, place, width }: SlotPlace): void {
  const { read, column, subtract, divideBy } = slot;
  let next = place;
  for (const row of new Rows([part])) {
    data[next] = (read(row, column) - subtract) / divideBy;
    next += width;
  }
}

/** A number with constants that the manifest gives; a fitted one is near 0. */
function givenScale(slot: Slot): ScaledSlot[] {
  const { read, scaling } = slot;
  if (scaling === 'standardise' || read !== numberIn) return [];
  return [{ ...slot, ...(scaling === 'none' ? unscaled : scaling) }];
}

/** Whether the input holds all numbers of a slot, as far as the largest of them tells. */
function isPlainlyFloat32(slot: ScaledSlot, { parts }: Rows): boolean {
  const { column, subtract, divideBy } = slot;
  return parts.every(({ block }) => {
    const largest = (block.largest[column.index] as number) + Math.abs(subtract);
    return isPlain(slot, block) && largest / Math.abs(divideBy) < 1e38;
  });
}

/** Throws where a number is beyond what the input holds. */
function requireFloat32({ column, read, subtract, divideBy }: ScaledSlot, rows: Rows): void {
  for (const row of rows) {
    if (Math.abs(Math.fround((read(row, column) - subtract) / divideBy)) === Infinity)
      throw badCell(row, column, 'a number that float32 holds (at most 3.4e38 once it is scaled)');
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
