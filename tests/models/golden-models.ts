import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { decodeModel } from '../../models/onnx/read.ts';
import type { OnnxModel } from '../../models/onnx/model.ts';

const folder = path.join(import.meta.dirname, '../golden/models');

/** Names of the models that tests/oracle/onnx wrote with the `onnx` package of Python. */
export const goldenNames: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith('.onnx'))
  .map((file) => path.basename(file, '.onnx'));

export function goldenFile(file: string): string {
  return path.join(folder, file);
}

export function goldenBytes(name: string): Uint8Array {
  return readFileSync(goldenFile(`${name}.onnx`));
}

export function goldenModel(name: string): OnnxModel {
  return decodeModel(goldenBytes(name), `${name}.onnx`);
}
