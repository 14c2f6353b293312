import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { csvRows, datasetManifest, suite } from '../../cli/project.ts';
import { writeTwoNumbersModel } from '../../fakes/tfjs-models.ts';
import { runUntimed } from '../run-untimed.ts';
import type { Subject } from '../subject.ts';
import { damagedJson } from './damaged-json.ts';

/** The `model.json` of a TF.js model, on TF.js and as ONNX. */
export const tfjsManifests: Subject = {
  write: async ({ folder, write }, random) => {
    const rows = csvRows(20);
    await write('mine.csv', rows);
    await write('mine.dataset.json', JSON.stringify(datasetManifest(rows)));
    for (const [name, bytes] of await wholeModel(folder))
      await write(`model/${name}`, name === 'model.json' ? damagedJson(parsed(bytes), random) : bytes);
    const target = random.below(2) === 0 ? 'tfjs/cpu' : 'onnxruntime/cpu';
    const variants = [random.below(2) === 0 ? 'prune-magnitude-50' : 'int8-weights'];
    const models = ['./model/model.json'];
    await write('mine.suite.json', JSON.stringify({ ...suite, models, variants, targets: [target] }));
  },
  use: (folder, host) => runUntimed(folder, 'mine.suite.json', host),
  args: ['validate', 'mine.suite.json'],
};

let files: Promise<[name: string, bytes: Buffer][]> | null = null;

function wholeModel(folder: string): Promise<[name: string, bytes: Buffer][]> {
  files ??= writeAndRead(path.join(folder, 'whole'));
  return files;
}

async function writeAndRead(folder: string): Promise<[name: string, bytes: Buffer][]> {
  await writeTwoNumbersModel(folder);
  const names = await readdir(folder);
  return Promise.all(
    names.map(async (name) => [name, await readFile(path.join(folder, name))] as [string, Buffer]),
  );
}

function parsed(bytes: Buffer): object {
  return JSON.parse(bytes.toString()) as object;
}
