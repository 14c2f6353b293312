import type { OnnxModel } from './model.ts';

/** Attributes in which classifiers and ZipMap of ONNX-ML list their classes. */
const attributes = ['classlabels_strings', 'classlabels_int64s', 'classlabels_ints'];

/** The classes of a model in the order of its scores, as its own nodes list them; null where they do not, or not all the same. */
export function classLabelsOf({ graph }: OnnxModel): string[] | null {
  const lists = graph.node
    .flatMap((node) => node.attribute)
    .filter(({ name }) => attributes.includes(name))
    .map(({ strings, ints }) => [
      ...strings.map((bytes) => new TextDecoder().decode(bytes)),
      ...ints.map((label) => label.toString()),
    ])
    .filter((labels) => labels.length > 1);
  const [first = null] = lists;
  return lists.every((labels) => labels.join('\0') === first?.join('\0')) ? first : null;
}
