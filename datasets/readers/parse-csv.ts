import { parse, type Parser } from 'csv-parse';
import { AssayError, messageOf } from '../../core/errors.ts';
import { longestRow } from '../limits.ts';

/** The rest of a text, and where it begins. */
export interface CsvRest {
  bytes: AsyncIterable<Uint8Array>;
  where: string;
  linesBefore: number;
}

/** A row's cells, and the line on which it ends. */
export interface CsvRecord {
  cells: string[];
  line: number;
}

/** Rows of RFC 4180 text, as they are found. */
export async function* parseCsv({ bytes, where, linesBefore }: CsvRest): AsyncGenerator<CsvRecord[], void> {
  let records: CsvRecord[] = [];
  const parser = startParser((cells, line) => records.push({ cells, line: line + linesBefore }));
  const feed = async (piece: Uint8Array | null): Promise<CsvRecord[]> => {
    const cause = await write(parser, piece);
    if (cause) throw notCsv(where, withLine(messageOf(cause), linesBefore), cause);
    const full = records;
    records = [];
    return full;
  };
  for await (const piece of bytes) yield await feed(piece);
  yield await feed(null);
}

export function notCsv(where: string, problem: string, cause?: unknown): AssayError {
  return new AssayError('dataset-invalid', `${where} is not valid CSV: ${problem}.`, { cause });
}

/** Records go straight to a function, past the stream's own queue of objects. */
function startParser(use: (cells: string[], line: number) => void): Parser {
  const parser = parse({
    max_record_size: longestRow,
    // Where it has to find out by itself, it takes twenty times as long for the first row.
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
    on_record: (cells: string[], { lines }) => {
      use(cells, lines);
      return null;
    },
  });
  // Errors come with the callback of a write; without a listener they would end the process too.
  return parser.on('error', () => undefined).resume();
}

/** Parses a piece of the text; null is its end. */
function write(parser: Parser, piece: Uint8Array | null): Promise<Error | null | undefined> {
  return new Promise((resolve) => {
    if (piece === null) parser.end(resolve);
    else parser.write(piece, resolve);
  });
}

function withLine(message: string, linesBefore: number): string {
  return message.replace(/line (\d+)/g, (_, line: string) => `line ${Number(line) + linesBefore}`);
}
