import type { OnnxGraph, OnnxModel } from './model.ts';
import { readTensor } from './tensor.ts';

/** Attributes in which classifiers and ZipMap of ONNX-ML list their classes. */
const attributes = ['classlabels_strings', 'classlabels_int64s', 'classlabels_ints'];

/**
 * The classes of a model in the order of its scores, as its own nodes list them; null where they do not, or not all the same. Throws
 * `model-invalid` where a stored list is broken.
 */
export function classLabelsOf({ graph }: OnnxModel): string[] | null {
  const lists = [...listsInAttributes(graph), ...storedLists(graph)].filter((labels) => labels.length > 1);
  const [first = null] = lists;
  return lists.every((labels) => labels.join('\0') === first?.join('\0')) ? first : null;
}

function listsInAttributes({ node }: OnnxGraph): string[][] {
  return node
    .flatMap(({ attribute }) => attribute)
    .filter(({ name }) => attributes.includes(name))
    .map(({ strings, ints }) => [
      ...strings.map((bytes) => new TextDecoder().decode(bytes)),
      ...ints.map((label) => label.toString()),
    ]);
}

/** What skl2onnx writes for classifiers without an operator of their own: the class is looked up by the place of the highest score. */
function storedLists({ node, initializer }: OnnxGraph): string[][] {
  const places = node.filter(({ opType }) => opType === 'ArgMax').map(({ output: [place] }) => place);
  return node
    .filter(({ opType, input: [, by] }) => opType === 'ArrayFeatureExtractor' && places.includes(by))
    .flatMap(({ input: [list] }) => initializer.filter(({ name }) => name === list))
    .map((stored) => Array.from(readTensor(stored).data as ArrayLike<unknown>, String));
}
