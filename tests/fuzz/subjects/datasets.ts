import { parquetWriteBuffer } from 'hyparquet-writer';
import { gzipSync } from 'node:zlib';
import { sha256 } from '../../../core/hash.ts';
import type { Random } from '../../../core/random.ts';
import { csvRows, datasetManifest, linearModel, suite } from '../../cli/project.ts';
import { mutateBytes } from '../mutate-bytes.ts';
import { mutateTree } from '../mutate-tree.ts';
import { runUntimed } from '../run-untimed.ts';
import type { Subject } from '../subject.ts';
import { damagedJson } from './damaged-json.ts';

const csv = csvRows(20);
const rows = csv
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [a = 0, b = 0, y = 0] = line.split(',').map(Number);
    return { a, b, y };
  });

interface Form {
  format: object;
  bytes: Uint8Array;
}

/** The same rows in every format that is read. */
const forms: readonly Form[] = [
  { format: { kind: 'csv' }, bytes: Buffer.from(csv) },
  { format: { kind: 'csv', gzip: true }, bytes: gzipSync(csv) },
  { format: { kind: 'json' }, bytes: Buffer.from(JSON.stringify(rows)) },
  { format: { kind: 'jsonl' }, bytes: Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n')) },
  { format: { kind: 'parquet' }, bytes: parquetBytes() },
];

function parquetBytes(): Uint8Array {
  const columnData = (['a', 'b', 'y'] as const).map((name) => ({ name, data: rows.map((row) => row[name]) }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

/** Manifests; and data of each format, under a manifest with the checksum of the damage. */
export const datasets: Subject = {
  write: async ({ write }, random) => {
    const form = forms[random.below(forms.length)] as Form;
    const isOfData = random.below(2) === 0;
    const bytes = isOfData ? damagedData(form, random) : form.bytes;
    const manifest = { ...datasetManifest(csv), ...pinOf(bytes), format: form.format };
    await write('mine.csv', bytes);
    await write('mine.dataset.json', isOfData ? JSON.stringify(manifest) : damagedJson(manifest, random));
    await write('mine.onnx', linearModel(2));
    await write('mine.suite.json', JSON.stringify({ ...suite, variants: ['fp32'] }));
  },
  use: (folder, host) => runUntimed(folder, 'mine.suite.json', host),
  args: ['validate', 'mine.suite.json'],
};

function pinOf(bytes: Uint8Array): { sha256: string; sizeBytes: number } {
  return { sha256: sha256(bytes), sizeBytes: bytes.length };
}

function damagedData({ bytes, format }: Form, random: Random): Uint8Array {
  const isJson = 'kind' in format && format.kind === 'json';
  if (isJson && random.below(2) === 0) return Buffer.from(JSON.stringify(mutateTree(rows, random)));
  return mutateBytes(bytes, random);
}
