import type { ColumnSource } from 'hyparquet-writer';
import * as z from 'zod';
import { checkProbabilities } from '../check-scores.ts';
import type { Codec } from './codec.ts';
import { everyNth, interleave, numberColumn, textColumn, type PredictionColumns } from './columns.ts';

const header = z.object({ labels: z.array(z.string()) });

/** Labels in columns `expected` and `predicted`, and a column `probability_<index of the label>` for each where there are any. */
export const classificationCodec: Codec<'classification'> = {
  encode: ({ labels, expected, predicted, probabilities }) => {
    const names = (indices: Int32Array): string[] => Array.from(indices, (index) => labels[index] ?? '');
    return {
      header: { labels },
      columns: [
        textColumn('expected', names(expected)),
        textColumn('predicted', names(predicted)),
        ...(probabilities === null ? [] : labels.map(probabilityColumn(probabilities))),
      ],
    };
  },
  decode: (columns) => {
    const { labels } = columns.header(header);
    return {
      labels,
      expected: columns.indices('expected', labels),
      predicted: columns.indices('predicted', labels),
      probabilities: columns.optionalNumbers('probability_0') === null ? null : decodeRows(columns, labels),
    };
  },
};

function decodeRows(columns: PredictionColumns, labels: readonly string[]): Float64Array {
  const values = interleave(labels.map((_, label) => columns.numbers(`probability_${label}`)));
  checkProbabilities({ ids: columns.texts('id'), columns: labels.length, values });
  return values;
}

function probabilityColumn(probabilities: Float64Array) {
  return (_: string, label: number, { length }: readonly string[]): ColumnSource =>
    numberColumn(`probability_${label}`, everyNth(probabilities, length, label));
}
