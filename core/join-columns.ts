/** Columns of numbers, one after another, in a new one that `make` makes. */
export function joinColumns<Column extends Float32Array | Float64Array | Int32Array | Uint8Array>(
  columns: readonly Column[],
  make: (length: number) => Column,
): Column {
  const joined = make(columns.reduce((total, { length }) => total + length, 0));
  let start = 0;
  for (const column of columns) {
    joined.set(column, start);
    start += column.length;
  }
  return joined;
}
