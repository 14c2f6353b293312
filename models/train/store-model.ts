import path from 'node:path';
import { io } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { makeFolder } from '../../core/make-folder.ts';
import { sha256 } from '../../core/hash.ts';
import type { FilePin } from '../../core/pinned-file.ts';
import { writeWhole } from '../../core/write-whole.ts';
import type { ModelManifest } from '../manifest.ts';
import { encodeModel } from '../onnx/write.ts';
import type { Recipe, Trained } from './recipe.ts';

/** Writes a trained model, its TF.js form and its manifest into a folder; gives the manifest. */
export async function storeModel(
  folder: string,
  { recipe, trained, reached }: { recipe: Recipe; trained: Trained; reached: ModelManifest['reached'] },
): Promise<ModelManifest> {
  const { about, seed } = recipe;
  const manifest: ModelManifest = {
    ...about,
    licence: 'MIT',
    training: { recipe: `models/train/recipes/${about.id}.ts`, seed },
    onnx: await storeFile(folder, 'model.onnx', encodeModel(trained.onnx)),
    tfjs: trained.tfjs === null ? null : await storeTfjs(folder, trained.tfjs),
    reached,
  };
  await storeFile(folder, `${about.id}.model.json`, text(`${JSON.stringify(manifest, null, 2)}\n`));
  return manifest;
}

async function storeTfjs(folder: string, model: LayersModel): Promise<NonNullable<ModelManifest['tfjs']>> {
  const { topology, specs, bytes } = await artifactsOf(model);
  const weights = await storeFile(folder, 'tfjs/weights.bin', bytes);
  const weightsManifest = [{ paths: ['weights.bin'], weights: specs }];
  const json = JSON.stringify({ format: 'layers-model', modelTopology: topology, weightsManifest });
  return { ...(await storeFile(folder, 'tfjs/model.json', text(json))), weights: [weights] };
}

interface Artifacts {
  topology: unknown;
  specs: io.WeightsManifestEntry[];
  bytes: Uint8Array;
}

async function artifactsOf(model: LayersModel): Promise<Artifacts> {
  const { promise, resolve } = Promise.withResolvers<io.ModelArtifacts>();
  const handler = io.withSaveHandler((artifacts) => {
    resolve(artifacts);
    return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
  });
  await model.save(handler);
  const { modelTopology, weightSpecs, weightData } = await promise;
  if (weightSpecs === undefined || weightData === undefined)
    throw new Error('internal: TF.js gave no weights');
  return {
    topology: modelTopology,
    specs: weightSpecs,
    bytes: new Uint8Array(io.CompositeArrayBuffer.join(weightData)),
  };
}

async function storeFile(folder: string, relative: string, bytes: Uint8Array): Promise<FilePin> {
  const file = path.join(folder, relative);
  await makeFolder(path.dirname(file));
  await writeWhole(file, (to) => to.writeFile(bytes));
  return { path: relative, sha256: sha256(bytes), sizeBytes: bytes.length };
}

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}
