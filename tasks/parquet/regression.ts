import * as z from 'zod';
import type { Codec } from './codec.ts';
import { everyNth, interleave, numberColumn } from './columns.ts';

const header = z.object({
  outputs: z.int().positive(),
  names: z.array(z.string()).optional(),
  unit: z.string().optional(),
});

/** Columns `expected_<output>` and `predicted_<output>`, numbered from 0; their names are in the metadata. */
export const regressionCodec: Codec<'regression'> = {
  encode: ({ expected, predicted, outputs = 1, names, unit }) => ({
    header: { outputs, names, unit },
    columns: Array.from({ length: outputs }, (_, output) => [
      numberColumn(`expected_${output}`, everyNth(expected, outputs, output)),
      numberColumn(`predicted_${output}`, everyNth(predicted, outputs, output)),
    ]).flat(),
  }),
  decode: (columns) => {
    const { outputs, names, unit } = columns.header(header);
    const matrix = (name: string): Float64Array =>
      interleave(Array.from({ length: outputs }, (_, output) => columns.numbers(`${name}_${output}`)));
    return {
      outputs,
      ...(names === undefined ? {} : { names }),
      ...(unit === undefined ? {} : { unit }),
      expected: matrix('expected'),
      predicted: matrix('predicted'),
    };
  },
};
