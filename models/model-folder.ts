import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { AssayError } from '../core/errors.ts';

/** The name that exports give the model as it is; variants of theirs are `model_quantized.onnx`, `model_fp16.onnx` and so on. */
const usual = 'model.onnx';
/** Weights of other frameworks, for a better word than "nothing is there". */
const foreign = /\.(?:safetensors|bin|pt|pth|h5|keras|msgpack|gguf)$/;

/**
 * The file of the model in a folder: its one ONNX file, in the folder itself or in `onnx/` as Hugging Face lays it out, or of several the
 * one called `model.onnx`; else the `model.json` of a TF.js model. Throws `model-invalid` where there is none, or more than one to choose
 * from.
 */
export async function modelInFolder(folder: string): Promise<string> {
  const [own, inside] = [await namesIn(folder), await namesIn(path.join(folder, 'onnx'))];
  const files = [...own, ...inside.map((name) => `onnx/${name}`)];
  const found = files.filter((name) => name.endsWith('.onnx'));
  const usuals = found.filter((name) => path.posix.basename(name) === usual);
  const [only, other] = usuals.length > 0 ? usuals : found;
  if (only !== undefined && other === undefined) return path.join(folder, only);
  if (only !== undefined) throw several(folder, found);
  if (own.includes('model.json')) return path.join(folder, 'model.json');
  throw none(folder, files);
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

function several(folder: string, found: readonly string[]): AssayError {
  return new AssayError('model-invalid', `${folder} has several ONNX files: ${found.join(', ')}.`, {
    hint: `Name one of them, such as ${path.join(folder, found[0] ?? '')}.`,
  });
}

function none(folder: string, files: readonly string[]): AssayError {
  const weights = files.filter((name) => foreign.test(name));
  const found = weights.length === 0 ? '' : `; it has ${weights.join(', ')}`;
  return new AssayError('model-invalid', `${folder} has no ONNX file and no model.json${found}.`, {
    hint:
      weights.length === 0
        ? 'Name a folder with an ONNX file, in itself or in onnx/.'
        : `Export it first: optimum-cli export onnx --model ${folder} ${path.join(folder, 'onnx')}`,
  });
}
