import * as z from 'zod';

/** What samples are sliced by: the classes of a classification, or a column of the dataset. */
export const sliceSchema = z.union([z.string().min(1), z.strictObject({ column: z.string().min(1) })]);

export type Slice = z.output<typeof sliceSchema>;

const classes = 'class';

/** The column of the dataset that a slice is by; null where it is by the classes of a classification. */
export function columnOf(slice: Slice): string | null {
  if (typeof slice !== 'string') return slice.column;
  return slice === classes ? null : slice;
}

/** What slices are called in records: a column with the name of the classes is not taken for those. */
export function sliceLabel(slice: Slice): string {
  if (typeof slice === 'string') return slice;
  return slice.column === classes ? `column ${classes}` : slice.column;
}
