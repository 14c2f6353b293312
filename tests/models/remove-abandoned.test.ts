import { mkdtemp, mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { buildVariant } from '../../models/build.ts';
import { contentHash } from '../../models/content-hash.ts';
import { packageRoot } from '../../core/package-root.ts';

test('a build removes what others did not finish a day ago, and nothing else', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-abandoned-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [old, fresh, whole] = ['a.onnx.1-0-abcdef.new', 'b.onnx.1-0-abcdef.new', 'c.onnx'];
  for (const name of [old, fresh, whole]) await writeFile(path.join(folder, name), '');
  const begun = 'd.1.new';
  await mkdir(path.join(folder, begun));
  const dayBefore = new Date(Date.now() - 25 * 60 * 60 * 1000);
  for (const name of [old, whole, begun]) await utimes(path.join(folder, name), dayBefore, dayBefore);
  const model = path.join(packageRoot, 'models/catalog/tumours-mlp/model.onnx');
  const source = { path: model, sha256: await contentHash([model]) };
  const built = await buildVariant({ model: source, variant: 'int8-dynamic' }, folder);
  expect(built.status).toBe('built');
  const left = await readdir(folder);
  expect(left).toEqual(expect.arrayContaining([fresh, whole]));
  expect(left).not.toContain(old);
  expect(left).not.toContain(begun);
});
