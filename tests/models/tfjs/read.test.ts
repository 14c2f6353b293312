import { cp, mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, afterEach, expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { packageRoot } from '../../../core/package-root.ts';
import { loadModel } from '../../../models/manifest.ts';
import type { TfjsModel, WeightSpec } from '../../../models/tfjs/model.ts';
import { readTfjsModel, tfjsFiles } from '../../../models/tfjs/read.ts';
import { floatsOf, floatWeight } from '../../../models/tfjs/weight-values.ts';
import { saveTfjsModel } from '../../../models/tfjs/write.ts';

const shards = path.join(packageRoot, 'tests/golden/tfjs/shards');

let folder = '';
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'assay-tfjs-'));
  await cp(shards, path.join(folder, 'words'), { recursive: true });
  file = path.join(folder, 'words', 'model.json');
});
afterEach(() => rm(folder, { recursive: true }));

/** Replaces fields of the first group of weights. */
async function changeGroup(fields: { paths?: string[]; weights?: unknown[] }): Promise<void> {
  const model = JSON.parse(await readFile(file, 'utf8')) as { weightsManifest: object[] };
  const [first, ...others] = model.weightsManifest;
  await writeFile(file, JSON.stringify({ ...model, weightsManifest: [{ ...first, ...fields }, ...others] }));
}

test('weights that the converter cut into several files are put together, each in its own form', async () => {
  const { groups } = await readTfjsModel(file);
  expect(groups.map((group) => group.map(({ spec }) => spec.name))).toEqual([
    ['dense/kernel', 'dense/bias'],
    ['words', 'ids', 'halves'],
  ]);
  const [kernel, bias] = groups[0] ?? [];
  const [words, ids, halves] = groups[1] ?? [];
  expect([kernel, bias, halves].map((weight) => weight?.bytes.length)).toEqual([48, 16, 22]);
  expect(Buffer.from(words?.bytes ?? []).toString()).toContain('grüße');
  expect([...new Int32Array(new Uint8Array(ids?.bytes ?? []).buffer)]).toEqual([1, -2, 3]);
  expect(kernel === undefined ? 0 : floatsOf(kernel)).toHaveLength(48);
});

test('a model file is a model of its own, named after its folder, with the hash of all its files', async () => {
  const model = await loadModel(file);
  expect(model).toMatchObject({
    id: 'words',
    onnx: null,
    tfjs: { path: file },
    tfjsReason: null,
    manifest: null,
  });
  const shard = path.join(folder, 'words', 'group2-shard1of2.bin');
  const bytes = await readFile(shard);
  await writeFile(
    shard,
    Uint8Array.from(bytes, (byte, index) => (index === 40 ? byte ^ 1 : byte)),
  );
  expect((await loadModel(file)).tfjs?.sha256).not.toBe(model.tfjs?.sha256);
});

test('what is written reads as it was, in files of 4 MiB', async () => {
  const random = createRandom(3);
  const values = Float32Array.from({ length: 1_100_000 }, () => random.next());
  const spec: WeightSpec = { name: 'large', shape: [1100, 1000], dtype: 'float32' };
  const small = await readTfjsModel(file);
  const model: TfjsModel = {
    file: { ...small.file, weightsManifest: [...small.file.weightsManifest, { paths: [], weights: [spec] }] },
    groups: [...small.groups, [floatWeight({ spec }, values)]],
  };
  const written = await saveTfjsModel(model, path.join(folder, 'copy'));
  expect(written.map((name) => path.basename(name))).toEqual([
    'model.json',
    'group1-shard1of1.bin',
    'group2-shard1of1.bin',
    'group3-shard1of2.bin',
    'group3-shard2of2.bin',
  ]);
  expect(await tfjsFiles(written[0] ?? '')).toEqual(written);
  expect((await readFile(written[3] ?? '')).length).toBe(4 * 2 ** 20);
  const read = await readTfjsModel(written[0] ?? '');
  expect(read.file.modelTopology).toEqual(model.file.modelTopology);
  expect(read.groups.flat().map(({ spec: found }) => found)).toEqual(
    model.groups.flat().map((one) => one.spec),
  );
  for (const [index, { bytes }] of read.groups.flat().entries())
    expect(Buffer.compare(bytes, model.groups.flat()[index]?.bytes ?? new Uint8Array())).toBe(0);
});

test.for([
  [
    'a weight file is missing',
    () => rm(path.join(folder, 'words', 'group1-shard2of2.bin')),
    /group1-shard2of2\.bin, which cannot be read/,
  ],
  [
    'a weight file is too short',
    () => truncate(path.join(folder, 'words', 'group1-shard2of2.bin'), 3),
    /hold 53 bytes in group1-shard1of2\.bin, group1-shard2of2\.bin; the 2 weights it says are there take 64/,
  ],
  [
    'a weight file is too long',
    () => writeFile(path.join(folder, 'words', 'group1-shard2of2.bin'), Buffer.alloc(70)),
    /hold 120 bytes/,
  ],
  [
    'strings end early',
    () => writeFile(path.join(folder, 'words', 'group2-shard1of2.bin'), Buffer.alloc(50, 255)),
    /the 3 weights it says are there take \d+/,
  ],
  [
    'a path leads out of the folder',
    () => changeGroup({ paths: ['../outside.bin'] }),
    /"\.\.\/outside\.bin", which lies outside/,
  ],
  [
    'a path is absolute',
    () => changeGroup({ paths: ['/etc/hostname'] }),
    /"\/etc\/hostname", which lies outside/,
  ],
  [
    'a link leads out of the folder',
    async () => {
      await writeFile(path.join(folder, 'outside.bin'), Buffer.alloc(64));
      await symlink('../outside.bin', path.join(folder, 'words', 'link.bin'));
      await changeGroup({ paths: ['link.bin'] });
    },
    /"link\.bin", which lies outside/,
  ],
  [
    'a weight file is a folder',
    async () => {
      await mkdir(path.join(folder, 'words', 'folder.bin'));
      await changeGroup({ paths: ['folder.bin'] });
    },
    /folder\.bin, which is not a file/,
  ],
  ['it is not JSON', () => writeFile(file, 'PK\u0003\u0004'), /model\.json is not valid JSON/],
  [
    'it is other JSON',
    () => writeFile(file, '{"a": 1}'),
    /Invalid TF\.js model in .*model\.json:\n {2}modelTopology/,
  ],
  ['there is none', () => rm(file), /There is no model file .*model\.json/],
  [
    'its weights are of an unknown form',
    () => changeGroup({ weights: [{ name: 'w', shape: [2], dtype: 'float64' }] }),
    /weightsManifest\.0\.weights\.0\.dtype/,
  ],
] as const)('a model where %s is refused with what is wrong', async ([, damage, message]) => {
  await damage();
  await expect(loadModel(file).then(() => readTfjsModel(file))).rejects.toThrow(message);
});
