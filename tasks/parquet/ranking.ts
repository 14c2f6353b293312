import * as z from 'zod';
import type { RankingPredictions } from '../predictions.ts';
import type { Codec } from './codec.ts';
import { textColumn } from './columns.ts';

/** A row a query; `scores` and `gains` of its candidates are a JSON array each. */
export const rankingCodec: Codec<'ranking'> = {
  encode: (predictions) => ({
    header: {},
    columns: [
      textColumn('scores', listsOf(predictions, predictions.scores)),
      textColumn('gains', listsOf(predictions, predictions.gains)),
    ],
  }),
  decode: (columns) => {
    const [scores, gains] = [columns.json('scores', numbers), columns.json('gains', numbers)];
    const offsets = new Int32Array(scores.length + 1);
    for (const [query, list] of scores.entries()) offsets[query + 1] = (offsets[query] ?? 0) + list.length;
    return { offsets, scores: Float64Array.from(scores.flat()), gains: Float64Array.from(gains.flat()) };
  },
};

const numbers = z.array(z.number());

function listsOf({ ids, offsets }: RankingPredictions, column: Float64Array): string[] {
  return Array.from({ length: ids.length }, (_, query) =>
    JSON.stringify(Array.from(column.subarray(offsets[query], offsets[query + 1]))),
  );
}
