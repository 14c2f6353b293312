import { parquetWriteBuffer } from 'hyparquet-writer';

/** A Parquet file with a run of less than nothing values of no bits, which hyparquet counts down without end; columns a, b and y. */
export function endlessParquet(): Buffer {
  const data = Array.from({ length: 40 }, (_, row) => (row % 3) + 0.5);
  const columnData = ['a', 'b', 'y'].map((name) => ({ name, data }));
  const bytes = Buffer.from(parquetWriteBuffer({ columnData }));
  // Two bits a value, then five times eight values.
  const run = bytes.lastIndexOf(Buffer.from('020b244992', 'hex'));
  if (run < 0) throw new Error('internal: hyparquet-writer wrote other pages than it used to');
  bytes.set(Buffer.from('00ffffffff0f', 'hex'), run);
  return bytes;
}
