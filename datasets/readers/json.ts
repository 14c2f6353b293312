import { z } from 'zod';
import { parseJson, type Source } from '../../core/parse.ts';
import { tableOf, type Table } from '../table.ts';

const record = z.record(z.string(), z.unknown());
const records = z.array(record);

/** Rows of a JSON array of objects. */
export function readJson(text: string, where: string): Table {
  return tableOf(where, parseJson(records, text, rowsOf(where)));
}

/** Rows of JSON Lines, an object a line; empty lines are passed over. */
export function readJsonLines(text: string, where: string): Table {
  const lines = text.split('\n').map((line, index) => ({ line, where: `${where}, line ${index + 1}` }));
  const filled = lines.filter(({ line }) => line.trim() !== '');
  return tableOf(
    where,
    filled.map((one) => parseJson(record, one.line, rowsOf(one.where))),
  );
}

function rowsOf(where: string): Source {
  return { what: 'data', where, code: 'dataset-invalid' };
}
