import * as z from 'zod';
import type { Codec } from './codec.ts';
import { textColumn } from './columns.ts';

/** Tags in columns `expected` and `predicted`, a JSON array a row. */
export const taggingCodec: Codec<'tagging'> = {
  encode: ({ expected, predicted }) => ({
    header: {},
    columns: [textColumn('expected', written(expected)), textColumn('predicted', written(predicted))],
  }),
  decode: (columns) => ({
    expected: columns.json('expected', z.array(z.string())),
    predicted: columns.json('predicted', z.array(z.string())),
  }),
};

function written(rows: readonly (readonly string[])[]): string[] {
  return rows.map((tags) => JSON.stringify(tags));
}
