import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Data } from '../../../datasets/readers/data.ts';
import { drain } from '../../../datasets/readers/drain.ts';
import { readParquet } from '../../../datasets/readers/parquet.ts';
import { endlessParquet } from '../../fakes/endless-parquet.ts';

const selection = { where: 'rows', columns: ['y'] };
const hourMs = 3_600_000;

async function endlessFile(): Promise<Data> {
  const bytes = new Uint8Array(endlessParquet());
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-endless-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'rows.parquet');
  await writeFile(file, bytes);
  return { where: 'rows', path: file, bytes: () => new Blob([bytes]).stream() };
}

test('A damaged page that never ends is given up in time, and not tried again', async () => {
  const data = await endlessFile();
  const read = (leastMs: number): Promise<void> =>
    drain(readParquet(data, selection, { leastMs, msPerMiB: 0 }));
  await expect(read(2000)).rejects.toThrow(
    /^rows is not valid Parquet: a row group was not decoded within 2 s/,
  );
  await expect(read(hourMs)).rejects.toThrow(/within 2 s/);
});

test('Reading ends at once with the signal of the data', async () => {
  const ended = new AbortController();
  const data = { ...(await endlessFile()), signal: ended.signal };
  const reading = drain(readParquet(data, selection, { leastMs: hourMs, msPerMiB: 0 }));
  setImmediate(() => {
    ended.abort();
  });
  await expect(reading).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
});
