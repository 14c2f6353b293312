import type { References } from '../core/samples.ts';
import { wordEncoder } from './encode-words.ts';
import type { ColumnOf, ReferenceReader } from './references.ts';
import { badCell, cellOf, textIn, type Column, type Row } from './row.ts';
import type { TargetOf } from './target.ts';

/** A tag for each word of a row, or none. */
export function tagsReader(
  { column: name, tags, words, length }: TargetOf<'tags'>,
  columnOf: ColumnOf,
): ReferenceReader {
  const column = columnOf(name);
  const indexOf = new Map<unknown, number>(tags.map((tag, index) => [tag, index]));
  const encode = words && wordEncoder({ ...words, column: columnOf(words.column), least: 1, most: length });
  return (rows): References => {
    const indices = new Int32Array(rows.length * length).fill(-1);
    const ids = encode === undefined ? null : new Int32Array(rows.length * length);
    const lengths = Int32Array.from(rows, (row, index) => {
      const found = tagsIn(row, column);
      if (found.length === 0 || found.length > length) throw badCell(row, column, `1 to ${length} tags`);
      const encoded = encode?.(row);
      if (encoded !== undefined && encoded.length !== found.length)
        throw badCell(row, column, `${encoded.length} tags, one a word`);
      indices.set(
        found.map((tag) => indexOfTag(tag)),
        index * length,
      );
      ids?.set(encoded ?? [], index * length);
      return found.length;

      function indexOfTag(tag: unknown): number {
        const known = tag === null ? -1 : indexOf.get(tag);
        if (known !== undefined) return known;
        throw badCell(row, column, `tags of ${tags.join(', ')}`);
      }
    });
    return { kind: 'tags', tags, indices, lengths, ids };
  };
}

function tagsIn(row: Row, column: Column): readonly unknown[] {
  const cell = cellOf(row, column);
  return Array.isArray(cell) ? (cell as unknown[]) : textIn(row, column).split(' ');
}
