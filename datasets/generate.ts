import type { DatasetManifest } from './manifest.ts';
import { drawSentences } from './nested-clauses.ts';

type Generated = Extract<DatasetManifest['origin'], { kind: 'generated' }>;

const generators = {
  'nested-clauses': (rows, seed) =>
    drawSentences(rows, seed).map(({ text, promptWords, floorNats }) => ({
      text,
      promptWords,
      // 12 digits are far below any use of the figure and above a last-bit difference in Math.log.
      floorNats: Number(floorNats.toPrecision(12)),
    })),
} satisfies Record<Generated['generator'], (rows: number, seed: number) => readonly object[]>;

/** The JSON Lines of a generated dataset; the same bytes for the same generator, seed and number of rows. */
export function generateData({ generator, seed, rows }: Generated): Uint8Array {
  const lines = generators[generator](rows, seed).map((row) => `${JSON.stringify(row)}\n`);
  return new TextEncoder().encode(lines.join(''));
}
