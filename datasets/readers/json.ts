import * as z from 'zod';
import { AssayError } from '../../core/errors.ts';
import { parseJson, parseWith, type Source } from '../../core/parse.ts';
import { longestRow } from '../limits.ts';
import { cellBlock, type RowBlock } from '../row-block.ts';
import type { Selection } from './data.ts';
import { parseExactly } from './parse-exactly.ts';
import { requireColumns } from './require-columns.ts';

type Fields = Readonly<Record<string, unknown>>;

const record = z.record(z.string(), z.unknown(), {
  error: 'expected an object with a value for each column',
});
const records = z.array(record);

/** Rows of a JSON array of objects, which is held whole. */
export async function* readJson(
  text: AsyncIterable<string>,
  selection: Selection,
): AsyncGenerator<RowBlock, void> {
  const rows = parseRows((await Array.fromAsync(text)).join(''), rowsOf(selection.where));
  if (rows.length > 0) requireColumns(selection, new Set(rows.flatMap((row) => Object.keys(row))));
  yield cellBlock(
    rows.map((row) => pick(row, selection)),
    selection.columns.length,
  );
}

/** Rows of JSON Lines, an object a line; empty lines are passed over. */
export async function* readJsonLines(
  text: AsyncIterable<string>,
  selection: Selection,
): AsyncGenerator<RowBlock, void> {
  const seen = new Set<string>();
  let [count, mayLack] = [0, true];
  for await (const lines of readLines(text, selection.where)) {
    const rows = lines.filter(({ line }) => line.trim() !== '').map((one) => parseLine(one));
    if (mayLack) {
      for (const row of rows) for (const column of Object.keys(row)) seen.add(column);
      mayLack = !selection.columns.every((column) => seen.has(column));
    }
    count += rows.length;
    yield cellBlock(
      rows.map((row) => pick(row, selection)),
      selection.columns.length,
    );
  }
  if (mayLack && count > 0) requireColumns(selection, seen);
}

function parseRows(text: string, source: Source): Fields[] {
  const value = parseExactly(text);
  // That it is no JSON, the other parser tells in its words.
  return value === undefined ? parseJson(records, text, source) : parseWith(records, value, source);
}

interface Line {
  line: string;
  where: string;
}

/** Whole lines, each with its number. */
async function* readLines(text: AsyncIterable<string>, where: string): AsyncGenerator<Line[], void> {
  let count = 0;
  let rest = '';
  const numbered = (line: string): Line => ({ line, where: `${where}, line ${++count}` });
  for await (const piece of text) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > longestRow) {
      const place = `${where}, line ${count + lines.length + 1}`;
      throw new AssayError('dataset-invalid', `${place} has more than ${longestRow} characters.`);
    }
    yield lines.map(numbered);
  }
  yield [numbered(rest)];
}

/** Only a line that is wrong goes through zod, for its message: on every line it would take longer than the parser. */
function parseLine({ line, where }: Line): Fields {
  const value = parseExactly(line);
  return isFields(value) ? value : parseJson(record, line, rowsOf(where));
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function pick(row: Fields, { columns }: Selection): readonly unknown[] {
  return columns.map((column) => (Object.hasOwn(row, column) ? row[column] : undefined));
}

function rowsOf(where: string): Source {
  return { what: 'data', where, code: 'dataset-invalid' };
}
