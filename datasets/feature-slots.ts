import type { Feature, MissingPolicy, Scaling } from './manifest.ts';
import {
  badCell,
  badChoice,
  declaredText,
  isMissingIn,
  numberIn,
  numberOrNaNIn,
  textIn,
  type Column,
  type Row,
} from './row.ts';

/** One number of an input: the cell it is read from, how, and how it is scaled. */
export interface Slot {
  column: Column;
  read: (row: Row, column: Column) => number;
  /** Whether it is the cell's own number. */
  isNumber: boolean;
  scaling: Scaling;
}

/** What a feature puts into an input; what is missing and kept is NaN, and none of the values of a one-hot feature. */
export function slotsOf(
  feature: Feature,
  columnOf: (name: string) => Column,
  missing: MissingPolicy,
): Slot[] {
  const columns = feature.columns.map(columnOf);
  const areKept = missing === 'keep';
  switch (feature.kind) {
    case 'number': {
      const read = areKept ? numberOrNaNIn : numberIn;
      return columns.map((column) => ({ column, read, isNumber: true, scaling: feature.scaling }));
    }
    case 'year': {
      const read = areKept ? unlessMissing(yearIn, [], NaN) : yearIn;
      return columns.map((column) => ({ column, read, isNumber: false, scaling: feature.scaling }));
    }
    case 'one-hot':
      return columns.flatMap((column) =>
        feature.values.map((value): Slot => {
          const read = oneHot(value, feature.values);
          return {
            ...{ column, isNumber: false, scaling: 'none' },
            read: areKept ? unlessMissing(read, feature.values, 0) : read,
          };
        }),
      );
  }
}

/** Reads a cell, or gives what stands for one that is missing: it is not where it holds one of the values. */
function unlessMissing(read: Slot['read'], values: readonly string[], instead: number): Slot['read'] {
  const isValue = declaredText(values);
  return (row, column) => (isMissingIn(row, column, isValue) ? instead : read(row, column));
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
