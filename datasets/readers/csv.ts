import { AssayError } from '../../core/errors.ts';
import type { Format } from '../manifest.ts';
import { cellBlock, type RowBlock } from '../row-block.ts';
import { CsvBlock } from './csv-block.ts';
import type { Selection } from './data.ts';
import { Lines } from './lines.ts';
import { notCsv, parseCsv, type CsvRecord } from './parse-csv.ts';
import { requireColumns } from './require-columns.ts';
import { scanAhead } from './scan-ahead.ts';
import { scanCells, type CsvLayout, type ScanCells } from './scan-cells.ts';

interface CsvOptions extends Pick<Extract<Format, { kind: 'csv' }>, 'columns' | 'skipLines'> {
  scan?: ScanCells | undefined;
}

/**
 * Rows of RFC 4180 text; every cell is a text. A row with too many or too few cells is an error with its line. Bytes are read
 * as numbers; from the first line on that is more than cells with commas between, a parser reads, many times as slowly.
 */
export async function* readCsv(
  bytes: AsyncIterable<Uint8Array>,
  options: CsvOptions,
  selection: Selection,
): AsyncGenerator<RowBlock, void> {
  const lines = new Lines(bytes, selection.where);
  for (let line = 0; line < options.skipLines; line++) {
    await lines.skipLine();
  }
  const names = options.columns ?? (await takeNames(lines));
  const layout = names === null ? null : layoutOf(names, selection);
  let rows = 0;
  if (layout !== null) {
    for await (const { bytes, scan } of scanAhead(lines, layout, options.scan ?? scanCells)) {
      rows += scan.rows;
      yield new CsvBlock(bytes, layout, scan);
    }
  }
  yield* parseRest(lines, rows === 0 ? (options.columns ?? null) : null, { layout, selection });
}

/** The cells of the first line that holds any; null, and nothing taken, where only a parser can tell them. */
async function takeNames(lines: Lines): Promise<string[] | null> {
  for (let line = await lines.peekLine(); line !== null; line = await lines.peekLine()) {
    const text = new TextDecoder().decode(line).replace(/\r$/, '');
    if (/["\r]/.test(text)) return null;
    await lines.skipLine();
    if (text.trim() !== '') return text.split(',').map((name) => name.trim());
  }
  return null;
}

function layoutOf(names: readonly string[], selection: Selection): CsvLayout {
  requireColumns(selection, new Set(names));
  const twice = selection.columns.find((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (twice !== undefined) throw namedTwice(twice, names, selection.where);
  const columnOf = new Int32Array(names.length).fill(-1);
  for (const [column, name] of selection.columns.entries()) columnOf[names.indexOf(name)] = column;
  return { cells: names.length, columnOf, columns: selection.columns.length };
}

function namedTwice(name: string, names: readonly string[], where: string): AssayError {
  const places = names.flatMap((one, index) => (one === name ? [index + 1] : []));
  return new AssayError(
    'dataset-invalid',
    `${where} has ${places.length} columns called "${name}", number ${places.join(' and ')}; a column that is read has a name of its own.`,
    {
      hint: 'rename one in the file, or name all columns by "columns" of the manifest\'s format (and "skipLines": 1).',
    },
  );
}

/** Rows of what is left, through a parser; without a layout the first row has the names. */
async function* parseRest(
  lines: Lines,
  named: readonly string[] | null,
  { layout, selection }: { layout: CsvLayout | null; selection: Selection },
): AsyncGenerator<RowBlock, void> {
  const { where } = selection;
  let known = layout;
  let isFirst = named !== null;
  for await (const records of parseCsv({ bytes: lines.rest(), where, linesBefore: lines.before })) {
    if (known === null && records.length > 0) known = layoutOf(records.shift()?.cells ?? [], selection);
    const [first] = records;
    if (isFirst && first !== undefined) requireNamed(first, named, where);
    isFirst &&= first === undefined;
    if (known !== null && first !== undefined) yield pickBlock(records, known, where);
  }
}

function requireNamed({ cells }: CsvRecord, named: readonly string[] | null, where: string): void {
  if (named === null || cells.length === named.length) return;
  throw notCsv(where, `its first row has ${cells.length} cells and ${named.length} columns are named`);
}

function pickBlock(records: readonly CsvRecord[], layout: CsvLayout, where: string): RowBlock {
  const picked = records.map(({ cells, line }) => {
    if (cells.length !== layout.cells)
      throw notCsv(where, `line ${line} has ${cells.length} cells, where ${layout.cells} are expected`);
    const row = Array<string>(layout.columns).fill('');
    for (const [index, cell] of cells.entries()) {
      const column = layout.columnOf[index] ?? -1;
      if (column !== -1) row[column] = cell;
    }
    return row;
  });
  return cellBlock(picked, layout.columns);
}
