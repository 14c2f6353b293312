import { parquetWriteBuffer } from 'hyparquet-writer';
import { sha256 } from '../../../core/hash.ts';
import type { Random } from '../../../core/random.ts';
import { csvRows, datasetManifest, linearModel, suite } from '../../cli/project.ts';
import { mutateBytes } from '../mutate-bytes.ts';
import { runUntimed } from '../run-untimed.ts';
import type { Subject } from '../subject.ts';

const csv = csvRows(20);
const cells = csv
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(',').map(Number));
const columnData = ['a', 'b', 'y'].map((name, column) => ({
  name,
  data: cells.map((row) => row[column] ?? 0),
}));
const whole = new Uint8Array(parquetWriteBuffer({ columnData }));

/** Bytes of a Parquet file, under a manifest with the checksum of the damage. Half the time their number stays, so that it is read to the pages. */
export const parquetFiles: Subject = {
  write: async ({ write }, random) => {
    const bytes = random.below(2) === 0 ? mutateBytes(whole, random) : otherBytes(random);
    const pin = { sha256: sha256(bytes), sizeBytes: bytes.length };
    await write('mine.csv', bytes);
    await write(
      'mine.dataset.json',
      JSON.stringify({ ...datasetManifest(csv), ...pin, format: { kind: 'parquet' } }),
    );
    await write('mine.onnx', linearModel(2));
    await write('mine.suite.json', JSON.stringify({ ...suite, variants: ['fp32'] }));
  },
  use: (folder, host) => runUntimed(folder, 'mine.suite.json', host),
  args: ['validate', 'mine.suite.json'],
};

/** One to three bytes are others. */
function otherBytes(random: Random): Uint8Array {
  const bytes = Uint8Array.from(whole);
  for (let left = 1 + random.below(3); left > 0; left--)
    bytes[random.below(bytes.length)] = random.below(256);
  return bytes;
}
