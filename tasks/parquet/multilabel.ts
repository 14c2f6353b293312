import * as z from 'zod';
import type { Codec } from './codec.ts';
import { everyNth, interleave, numberColumn, textColumn, type PredictionColumns } from './columns.ts';

const header = z.object({ labels: z.array(z.string()) });

/** JSON arrays of labels in columns `expected` and `predicted`, and a column `score_<index of the label>` for each. */
export const multilabelCodec: Codec<'multilabel'> = {
  encode: ({ labels, expected, predicted, scores }) => ({
    header: { labels },
    columns: [
      textColumn('expected', setsIn(expected, labels)),
      textColumn('predicted', setsIn(predicted, labels)),
      ...labels.map((_, label) => numberColumn(`score_${label}`, everyNth(scores, labels.length, label))),
    ],
  }),
  decode: (columns) => {
    const { labels } = columns.header(header);
    return {
      labels,
      expected: flagsOf(columns, 'expected', labels),
      predicted: flagsOf(columns, 'predicted', labels),
      scores: interleave(labels.map((_, label) => columns.numbers(`score_${label}`))),
    };
  },
};

function setsIn(flags: Uint8Array, labels: readonly string[]): string[] {
  return Array.from({ length: flags.length / labels.length }, (_, row) =>
    JSON.stringify(labels.filter((__, label) => flags[row * labels.length + label] === 1)),
  );
}

function flagsOf(columns: PredictionColumns, name: string, labels: readonly string[]): Uint8Array {
  const sets = columns.json(name, z.array(z.enum(labels)));
  const indexOf = new Map(labels.map((label, index) => [label, index]));
  const flags = new Uint8Array(sets.length * labels.length);
  for (const [row, set] of sets.entries())
    for (const label of set) flags[row * labels.length + (indexOf.get(label) ?? 0)] = 1;
  return flags;
}
