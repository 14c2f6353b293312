import { parse, type Parser } from 'csv-parse';
import { AssayError, messageOf } from '../../core/errors.ts';
import { longestRow } from '../limits.ts';
import type { Format } from '../manifest.ts';
import type { Cells, Selection } from './data.ts';
import { requireColumns } from './require-columns.ts';

type CsvFormat = Extract<Format, { kind: 'csv' }>;

/** Rows of RFC 4180 text; every cell is a string. A row with too many or too few cells is an error with its line. */
export async function* readCsv(
  text: AsyncIterable<string>,
  format: CsvFormat,
  selection: Selection,
): AsyncGenerator<Cells, void> {
  let pick: ((record: readonly string[]) => readonly string[]) | null = null;
  for await (const records of readRecords(text, format, selection.where)) {
    const [first] = records;
    if (first === undefined) continue;
    const isHeader = pick === null && format.columns === undefined;
    pick ??= pickerOf(format.columns ?? first, first, selection);
    yield (isHeader ? records.slice(1) : records).map(pick);
  }
}

/** Copies the selected cells out of a record. */
function pickerOf(
  header: readonly string[],
  first: readonly string[],
  selection: Selection,
): (record: readonly string[]) => readonly string[] {
  if (header.length !== first.length) {
    const problem = `its first row has ${first.length} cells and ${header.length} columns are named`;
    throw new AssayError('dataset-invalid', `${selection.where} is not valid CSV: ${problem}.`);
  }
  requireColumns(selection, new Set(header));
  const indices = selection.columns.map((column) => header.lastIndexOf(column));
  return (record) => indices.map((index) => record[index] ?? '');
}

async function* readRecords(
  text: AsyncIterable<string>,
  format: CsvFormat,
  where: string,
): AsyncGenerator<string[][], void> {
  let records: string[][] = [];
  const parser = startParser(format, (record) => records.push(record));
  const taken = (): string[][] => {
    const full = records;
    records = [];
    return full;
  };
  for await (const piece of text) {
    await feed(parser, piece, where);
    yield taken();
  }
  await feed(parser, null, where);
  yield taken();
}

/** Records go straight to a function, past the stream's own queue of objects. */
function startParser({ skipLines }: CsvFormat, use: (record: string[]) => void): Parser {
  const parser = parse({
    bom: true,
    from_line: skipLines + 1,
    max_record_size: longestRow,
    // Where it has to find out by itself, it takes twenty times as long for the first row.
    record_delimiter: ['\r\n', '\n', '\r'],
    skip_empty_lines: true,
    trim: true,
    on_record: (record: string[]) => {
      use(record);
      return null;
    },
  });
  // Errors come with the callback of a write; without a listener they would end the process too.
  return parser.on('error', () => undefined).resume();
}

/** Parses a piece of the text; null is its end. */
function feed(parser: Parser, piece: string | null, where: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (cause?: Error | null): void => {
      if (!cause) resolve();
      else
        reject(
          new AssayError('dataset-invalid', `${where} is not valid CSV: ${messageOf(cause)}.`, { cause }),
        );
    };
    if (piece === null) parser.end(settle);
    else parser.write(piece, settle);
  });
}
