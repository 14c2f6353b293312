import type { Tensor } from '../core/tensor.ts';
import type { CellInput, Encoder } from './cell-input.ts';
import { slotsOf, type Slot } from './feature-slots.ts';
import { fitScales, unscaled, type Affine } from './fit-scales.ts';
import type { Input, MissingPolicy } from './manifest.ts';
import { badCell, type Column } from './row.ts';
import type { RowBlock } from './row-block.ts';
import { rowAt, type Rows, type RowsOfBlock } from './rows.ts';

type FeaturesInput = Extract<Input, { kind: 'features' }>;

/**
 * The numbers of a features input, [rows, ...shape]. `standardise` takes mean and population standard deviation from the
 * training rows, in a pass over them each; a column that never varies there is only centred, as in scikit-learn's StandardScaler.
 * What is missing and kept is NaN, of which no mean is taken, and none of the values of a one-hot feature.
 */
export function featuresOf(
  input: FeaturesInput,
  columnOf: (name: string) => Column,
  missing: MissingPolicy,
): CellInput {
  const slots = input.features.flatMap((feature) => slotsOf(feature, columnOf, missing));
  const given = slots.flatMap(givenScale);
  const { type = 'float32', shape = [slots.length] } = input;
  return {
    check: (rows) => {
      const isNumeric = rows.parts[0]?.block.isNumeric;
      const doubtful = slots.filter(({ isNumber, column }) => !isNumber || isNumeric?.[column.index] !== 1);
      // Not a row is made where all is plain.
      if (doubtful.length > 0) for (const part of rows.parts) readDoubtful(part, doubtful);
      if (type === 'float32') for (const slot of given) requireFloat32(slot, rows);
    },
    fit: async (trainRows) => {
      const scales = await fitScales(slots, trainRows);
      return createEncoder(
        slots.map((slot, index) => ({ ...slot, ...(scales[index] ?? unscaled) })),
        { type, shape },
      );
    },
  };
}

/** Numbers of rows, in memory that threads share: they would have to copy it. */
const sharedNumbers = {
  float32: (length: number) => new Float32Array(new SharedArrayBuffer(4 * length)),
  float64: (length: number) => new Float64Array(new SharedArrayBuffer(8 * length)),
};

type Numbers = Float32Array | Float64Array;

function createEncoder(
  slots: readonly ScaledSlot[],
  { type, shape }: { type: keyof typeof sharedNumbers; shape: readonly number[] },
): Encoder {
  const encode = partEncoder(slots);
  return (rows) => {
    const data = sharedNumbers[type](rows.length * slots.length);
    let next = 0;
    for (const part of rows.parts) {
      const end = next + part.indices.length * slots.length;
      encode(part, data.subarray(next, end));
      next = end;
    }
    return { type, shape: [rows.length, ...shape], data } as Tensor;
  };
}

type ScaledSlot = Slot & Affine;

/** Puts the slots of each row where they belong, row-major. */
function partEncoder(slots: readonly ScaledSlot[]): (part: RowsOfBlock, data: Numbers) => void {
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
function isPlain({ isNumber, column }: Slot, { isNumeric }: RowBlock): boolean {
  return isNumber && isNumeric[column.index] === 1;
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

function gatherNumbers({ block, indices }: RowsOfBlock, { columns }: Affines, data: Numbers): void {
  const { numbers } = block;
  let next = 0;
  for (const index of indices) {
    const start = index * block.columns;
    for (let slot = 0; slot < columns.length; slot++)
      data[next + slot] = numbers[start + (columns[slot] as number)] as number;
    next += columns.length;
  }
}

function gatherScaled({ block, indices }: RowsOfBlock, affines: Affines, data: Numbers): void {
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
  data: Numbers;
  place: number;
  width: number;
}

/** What is there as a number has been put there before. */
function readSlot(part: RowsOfBlock, slot: ScaledSlot, { data, place, width }: SlotPlace): void {
  const { read, column, subtract, divideBy } = slot;
  let next = place;
  for (const index of part.indices) {
    if (!isPlainCell(slot, part.block, index))
      data[next] = (read(rowAt(part, index), column) - subtract) / divideBy;
    next += width;
  }
}

/** Throws for the first cell, row by row, that cannot be read. */
function readDoubtful(part: RowsOfBlock, slots: readonly Slot[]): void {
  for (const index of part.indices)
    for (const slot of slots)
      if (!isPlainCell(slot, part.block, index)) slot.read(rowAt(part, index), slot.column);
}

/** Whether a slot is a cell that plainly is a number. */
function isPlainCell({ isNumber, column }: Slot, { numbers, columns }: RowBlock, index: number): boolean {
  return isNumber && !Number.isNaN(numbers[index * columns + column.index]);
}

/** A number with constants that the manifest gives; a fitted one is near 0. */
function givenScale(slot: Slot): ScaledSlot[] {
  const { isNumber, scaling } = slot;
  if (scaling === 'standardise' || !isNumber) return [];
  return [{ ...slot, ...(scaling === 'none' ? unscaled : scaling) }];
}

/** Whether the input holds all cells of a slot that plainly are numbers, as far as the largest of them tells. */
function arePlainlyFloat32({ column, subtract, divideBy }: ScaledSlot, { largest }: RowBlock): boolean {
  return ((largest[column.index] as number) + Math.abs(subtract)) / Math.abs(divideBy) < 1e38;
}

/** Throws where a number is beyond what the input holds. */
function requireFloat32(slot: ScaledSlot, { parts }: Rows): void {
  const { column, read, subtract, divideBy } = slot;
  for (const part of parts) {
    const areSmall = arePlainlyFloat32(slot, part.block);
    if (areSmall && isPlain(slot, part.block)) continue;
    for (const index of part.indices) {
      if (areSmall && isPlainCell(slot, part.block, index)) continue;
      const row = rowAt(part, index);
      if (Math.abs(Math.fround((read(row, column) - subtract) / divideBy)) === Infinity)
        throw badCell(row, column, 'a number that float32 holds (at most 3.4e38 once it is scaled)');
    }
  }
}
