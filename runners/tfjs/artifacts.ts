import type { io } from '@tensorflow/tfjs-core';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { z } from 'zod';
import { AssayError } from '../../core/errors.ts';
import { hashOf, sha256 } from '../../core/hash.ts';
import { parseJson } from '../../core/parse.ts';

const modelFileSchema = z.looseObject({
  format: z.enum(['layers-model', 'graph-model']),
  modelTopology: z.record(z.string(), z.unknown()),
  weightsManifest: z.array(
    z.looseObject({ paths: z.array(z.string()), weights: z.array(z.looseObject({})) }),
  ),
});

/** Identity and size of a TF.js model, its weight files included. */
export interface TfjsMeasure {
  sha256: string;
  sizeBytes: number;
  gzipBytes: number;
}

/** Hashes, sums and compresses `model.json` and its weight files, in the order it names them. */
export async function measureTfjsArtifact(file: string): Promise<TfjsMeasure> {
  const model = await readModelFile(file);
  const files = [file, ...weightFiles(model, file)];
  const contents = await Promise.all(files.map((name) => readFile(name)));
  const gzipped = await Promise.all(contents.map((content) => promisify(gzip)(content)));
  const sum = (buffers: readonly Buffer[]): number =>
    buffers.reduce((total, { length }) => total + length, 0);
  return {
    sha256: hashOf(contents.map((content) => sha256(content))),
    sizeBytes: sum(contents),
    gzipBytes: sum(gzipped),
  };
}

/** Reads a TF.js `model.json` and the weight files beside it; a path that leaves the folder is refused. */
export async function readTfjsArtifacts(file: string): Promise<io.ModelArtifacts> {
  const model = await readModelFile(file);
  const shards = await Promise.all(weightFiles(model, file).map((name) => readFile(name)));
  return {
    format: model.format,
    modelTopology: model.modelTopology,
    weightSpecs: model.weightsManifest.flatMap(
      (group) => group.weights,
    ) as unknown as io.WeightsManifestEntry[],
    weightData: new Uint8Array(Buffer.concat(shards)).buffer,
  };
}

type ModelFile = z.output<typeof modelFileSchema>;

async function readModelFile(file: string): Promise<ModelFile> {
  return parseJson(modelFileSchema, await readFile(file, 'utf8'), {
    what: 'TF.js model',
    where: file,
    code: 'model-invalid',
  });
}

function weightFiles(model: ModelFile, file: string): string[] {
  const names = model.weightsManifest.flatMap(({ paths }) => paths);
  return names.map((name) => insideFolder(path.dirname(file), name));
}

function insideFolder(folder: string, name: string): string {
  const resolved = path.resolve(folder, name);
  if (resolved.startsWith(path.resolve(folder) + path.sep)) return resolved;
  throw new AssayError('model-invalid', `TF.js weights path "${name}" leaves the model's folder ${folder}.`);
}
