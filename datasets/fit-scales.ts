import { AssayError } from '../core/errors.ts';
import type { Slot } from './feature-slots.ts';
import type { RowSource } from './row-source.ts';

/** `(value - subtract) / divideBy`. */
export interface Affine {
  subtract: number;
  divideBy: number;
}

export const unscaled: Affine = { subtract: 0, divideBy: 1 };

/** How each slot is scaled: as the manifest says, or by the training rows. */
export async function fitScales(slots: readonly Slot[], trainRows: RowSource): Promise<Affine[]> {
  const fitted = slots.filter(({ scaling }) => scaling === 'standardise');
  const moments = fitted.length === 0 ? [] : await standardise(fitted, trainRows);
  const momentOf = new Map(fitted.map((slot, index) => [slot, moments[index]]));
  return slots.map((slot) => {
    if (slot.scaling === 'none') return unscaled;
    return slot.scaling === 'standardise' ? (momentOf.get(slot) ?? unscaled) : slot.scaling;
  });
}

/** Mean and deviation of each slot, over the rows that have a number there. */
async function standardise(slots: readonly Slot[], trainRows: RowSource): Promise<Affine[]> {
  const { sums, counts } = await sumOver(slots, trainRows, (value) => value);
  const empty = slots.find((_, index) => counts[index] === 0);
  if (empty !== undefined) throw nothingToFit(empty);
  const means = sums.map((sum, index) => sum / (counts[index] ?? 0));
  const { sums: squares } = await sumOver(
    slots,
    trainRows,
    (value, index) => (value - (means[index] ?? 0)) ** 2,
  );
  return slots.map((_, index) => ({
    subtract: means[index] ?? 0,
    divideBy: Math.sqrt((squares[index] ?? 0) / (counts[index] ?? 0)) || 1,
  }));
}

async function sumOver(
  slots: readonly Slot[],
  rows: RowSource,
  term: (value: number, slot: number) => number,
): Promise<{ sums: Float64Array; counts: Float64Array }> {
  const [sums, counts] = [new Float64Array(slots.length), new Float64Array(slots.length)];
  for await (const some of rows()) {
    for (const row of some) {
      for (const [index, { read, column }] of slots.entries()) {
        const value = read(row, column);
        if (Number.isNaN(value)) continue;
        sums[index] = (sums[index] ?? 0) + term(value, index);
        counts[index] = (counts[index] ?? 0) + 1;
      }
    }
  }
  return { sums, counts };
}

function nothingToFit({ column }: Slot): AssayError {
  return new AssayError(
    'dataset-invalid',
    `${column.where}: column "${column.name}" is to be standardised, but the split leaves no training row with a number there to fit that on.`,
    { hint: 'Give the constants instead: "scaling": { "subtract": mean, "divideBy": deviation }.' },
  );
}
