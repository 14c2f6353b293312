import { parse } from 'csv-parse/sync';
import { AssayError, messageOf } from '../../core/errors.ts';
import type { Format } from '../manifest.ts';
import { tableOf, type Table } from '../table.ts';

type CsvFormat = Extract<Format, { kind: 'csv' }>;

/** Rows of RFC 4180 text; every cell is a string. A row with too many or too few cells is an error with its line. */
export function readCsv(text: string, format: CsvFormat, where: string): Table {
  return tableOf(where, records(text, format, where));
}

function records(text: string, format: CsvFormat, where: string): Record<string, string>[] {
  try {
    return parse<Record<string, string>>(text, {
      bom: true,
      columns: format.columns ?? true,
      from_line: format.skipLines + 1,
      skip_empty_lines: true,
      trim: true,
    });
  } catch (cause) {
    throw new AssayError('dataset-invalid', `${where} is not valid CSV: ${messageOf(cause)}.`, { cause });
  }
}
