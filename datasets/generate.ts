import type { DatasetManifest } from './manifest.ts';
import { drawSentences } from './nested-clauses.ts';

type Generated = Extract<DatasetManifest['origin'], { kind: 'generated' }>;

const generators = {
  'nested-clauses': function* (rows, seed) {
    for (const { text, promptWords, floorNats } of drawSentences(rows, seed)) {
      // 12 digits are far below any use of the figure and above a last-bit difference in Math.log.
      yield { text, promptWords, floorNats: Number(floorNats.toPrecision(12)) };
    }
  },
} satisfies Record<Generated['generator'], (rows: number, seed: number) => Iterable<object>>;

const chunkRows = 1024;

/** The JSON Lines of a generated dataset in chunks; the same bytes for the same generator, seed and number of rows. */
export function* generateData({ generator, seed, rows }: Generated): Generator<Uint8Array, void> {
  let lines: string[] = [];
  for (const row of generators[generator](rows, seed)) {
    if (lines.push(`${JSON.stringify(row)}\n`) < chunkRows) continue;
    yield encode(lines);
    lines = [];
  }
  yield encode(lines);
}

function encode(lines: readonly string[]): Uint8Array {
  return new TextEncoder().encode(lines.join(''));
}
