import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { sha256 } from '../../core/hash.ts';

/** A user's manifest of four rows: a number, a category and a class. */
const template = {
  id: 'mine',
  title: 'Mine',
  description: 'Four rows.',
  source: 'a test',
  licence: 'MIT',
  missing: { features: 'error', label: 'error' },
  inputs: [
    {
      kind: 'features',
      name: 'features',
      features: [
        { kind: 'number', columns: ['width'], scaling: 'none' },
        { kind: 'one-hot', columns: ['colour'], values: ['blue', 'red'] },
      ],
    },
  ],
  target: {
    kind: 'class',
    column: 'kind',
    classes: [
      { value: 'a', label: 'Kind A' },
      { value: 'b', label: 'Kind B' },
    ],
  },
  split: { seed: 1, testShare: 0.5, stratify: true },
};

export const fourRows = 'width,colour,kind\n1,red,a\n2,blue,b\n3,red,a\n4,blue,b\n';

/** Writes data and a manifest that describes them, changed as told, into a fresh folder; gives the manifest's path. */
export async function manifestOf(data: string, changes: object = {}): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-dataset-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const origin = { kind: 'file', path: 'rows.txt' };
  const pin = { sha256: sha256(data), sizeBytes: Buffer.byteLength(data) };
  const manifest = { ...template, origin, ...pin, format: { kind: 'csv' }, ...changes };
  await writeFile(path.join(folder, 'rows.txt'), data);
  await writeFile(path.join(folder, 'mine.dataset.json'), JSON.stringify(manifest));
  return path.join(folder, 'mine.dataset.json');
}
