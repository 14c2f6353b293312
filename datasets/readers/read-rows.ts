import { AssayError } from '../../core/errors.ts';
import { largestFile } from '../limits.ts';
import type { Format } from '../manifest.ts';
import type { RowBlock } from '../row-block.ts';
import { readCsv } from './csv.ts';
import type { Data, Selection } from './data.ts';
import { readJson, readJsonLines } from './json.ts';
import { readParquet } from './parquet.ts';
import type { ScanCells } from './scan-cells.ts';
import { readBytes, readText } from './text.ts';

export interface ReadOptions {
  format: Format;
  columns: readonly string[];
  /** What a compressed file may grow to. */
  maxBytes?: number;
  /** Scans lines of CSV elsewhere. */
  scan?: ScanCells | undefined;
}

/** A block, and how many rows of the file lie in front of it. */
export interface PlacedBlock {
  block: RowBlock;
  before: number;
}

/** The rows of a file in its order, some at a time. Throws where it is not of its format, lacks a column or has no rows. */
export async function* readBlocks(data: Data, options: ReadOptions): AsyncGenerator<PlacedBlock, void> {
  let count = 0;
  for await (const block of blocksOf(data, options)) {
    yield { block, before: count };
    count += block.count;
  }
  if (count === 0)
    throw new AssayError('dataset-invalid', `${data.where} has no rows; at least one is needed.`);
}

function blocksOf(
  data: Data,
  { format, columns, maxBytes = largestFile(format), scan }: ReadOptions,
): AsyncIterable<RowBlock> {
  const selection: Selection = { where: data.where, columns };
  if (format.kind === 'parquet') return readParquet(data, selection);
  const options = { gzip: format.gzip, maxBytes };
  switch (format.kind) {
    case 'csv':
      return readCsv(readBytes(data, options), { ...format, scan }, selection);
    case 'json':
      return readJson(readText(data, options), selection);
    case 'jsonl':
      return readJsonLines(readText(data, options), selection);
  }
}
