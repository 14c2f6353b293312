import { stretchOf, withStretch } from './external-data.ts';
import type { OnnxTensor } from './model.ts';

/** Name of the link to one of the files that hold weights, in the folder ONNX Runtime loads a model from. */
export function linkName(index: number): string {
  return `${index}.data`;
}

/** A tensor whose values are in one of the files, to be found by its link; any other as it is. */
export function toLink(tensor: OnnxTensor, files: readonly string[]): OnnxTensor {
  const stretch = stretchOf(tensor);
  if (stretch === null) return tensor;
  return withStretch(tensor, { ...stretch, file: linkName(files.indexOf(stretch.file)) });
}

/** The reverse of `toLink`. */
export function fromLink(tensor: OnnxTensor, files: readonly string[]): OnnxTensor {
  const stretch = stretchOf(tensor);
  if (stretch === null) return tensor;
  const file = files.find((_, index) => linkName(index) === stretch.file);
  if (file === undefined) throw new Error(`internal: no file is linked as "${stretch.file}"`);
  return withStretch(tensor, { ...stretch, file });
}
