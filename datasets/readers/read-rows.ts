import { AssayError } from '../../core/errors.ts';
import { largestFile } from '../limits.ts';
import type { Format } from '../manifest.ts';
import type { Row } from '../row.ts';
import { readCsv } from './csv.ts';
import type { Cells, Data, Selection } from './data.ts';
import { readJson, readJsonLines } from './json.ts';
import { readParquet } from './parquet.ts';
import { readText } from './text.ts';

export interface ReadOptions {
  format: Format;
  columns: readonly string[];
  /** What a compressed file may grow to. */
  maxBytes?: number;
}

/** The rows of a file in its order, some at a time. Throws where it is not of its format, lacks a column or has no rows. */
export async function* readRows(data: Data, options: ReadOptions): AsyncGenerator<readonly Row[], void> {
  let count = 0;
  for await (const cells of readCells(data, options)) {
    yield cells.map((one) => ({ number: ++count, cells: one }));
  }
  if (count === 0) throw new AssayError('dataset-invalid', `${data.where} has no rows.`);
}

function readCells(
  data: Data,
  { format, columns, maxBytes = largestFile(format) }: ReadOptions,
): AsyncIterable<Cells> {
  const selection: Selection = { where: data.where, columns };
  if (format.kind === 'parquet') return readParquet(data, selection);
  const text = readText(data, { gzip: format.gzip, maxBytes });
  switch (format.kind) {
    case 'csv':
      return readCsv(text, format, selection);
    case 'json':
      return readJson(text, selection);
    case 'jsonl':
      return readJsonLines(text, selection);
  }
}
