/** The file formats of models: an ONNX file, or a TF.js `model.json` with its weight files. */
export type ModelFormat = 'onnx' | 'tfjs';

/** The format of a model file, by its name. */
export function formatOf(file: string): ModelFormat {
  return file.endsWith('.json') ? 'tfjs' : 'onnx';
}
