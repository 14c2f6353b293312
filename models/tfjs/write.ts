import path from 'node:path';
import { makeFolder } from '../../core/make-folder.ts';
import { writeWhole } from '../../core/write-whole.ts';
import type { TfjsModel } from './model.ts';

/** What the converter cuts weights into, so that browsers cache them. */
const shardBytes = 4 * 2 ** 20;

/**
 * Writes a model as the converter does: `model.json`, and for each group of weights files of 4 MiB named
 * `group1-shard1of2.bin`. Each file appears whole or not at all, `model.json` last. Returns the files written, that one first.
 */
export async function saveTfjsModel({ file, groups }: TfjsModel, folder: string): Promise<string[]> {
  await makeFolder(folder);
  const weightsManifest: typeof file.weightsManifest = [];
  for (const [index, weights] of groups.entries()) {
    const bytes = Buffer.concat(weights.map((weight) => weight.bytes));
    const paths = await writeShards(bytes, folder, index + 1);
    weightsManifest.push({
      ...file.weightsManifest[index],
      paths,
      weights: weights.map(({ spec }) => spec),
    });
  }
  const model = path.join(folder, 'model.json');
  await writeWhole(model, (to) => to.writeFile(JSON.stringify({ ...file, weightsManifest })));
  return [model, ...weightsManifest.flatMap(({ paths }) => paths.map((name) => path.join(folder, name)))];
}

async function writeShards(bytes: Buffer, folder: string, group: number): Promise<string[]> {
  const count = Math.ceil(bytes.length / shardBytes);
  const names: string[] = [];
  for (let shard = 0; shard < count; shard++) {
    const name = `group${group}-shard${shard + 1}of${count}.bin`;
    names.push(name);
    const part = bytes.subarray(shard * shardBytes, (shard + 1) * shardBytes);
    await writeWhole(path.join(folder, name), (to) => to.writeFile(part));
  }
  return names;
}
