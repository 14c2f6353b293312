import type { Ids } from '../core/ids.ts';
import type { References } from '../core/samples.ts';
import { namedSamples } from './metrics/named-samples.ts';

export type ClassReferences = Extract<References, { kind: 'classes' }>;

/** Which label each column of a model's output is of. */
export interface ClassOrder {
  /** Those of the dataset, then what the model alone knows. */
  labels: readonly string[];
  /** Indices into `labels`. */
  columns: Int32Array;
  /** The labels of the dataset that the model does not have. */
  lacking: ReadonlySet<number>;
  /** By label, or as the data write it. */
  indexOf: ReadonlyMap<string, number>;
  /** Whether an integer that the model puts out is the place of a class in its order; else it is the class as it is written. */
  byPlace: boolean;
}

/**
 * Matches the classes a model declares, in the order of its output, with those of the dataset; undeclared, they are the same, and so
 * they are where the model was trained on their numbers.
 */
export function orderClasses(
  { labels, values }: Pick<ClassReferences, 'labels' | 'values'>,
  given?: readonly string[],
): ClassOrder {
  const indexOf = new Map(values.map((value, index) => [value, index]));
  for (const [index, label] of labels.entries()) indexOf.set(label, index);
  const declared = given !== undefined && areNumbers(given, indexOf) ? undefined : given;
  const further = declared?.filter((label) => !indexOf.has(label)) ?? [];
  for (const [index, label] of further.entries()) indexOf.set(label, labels.length + index);
  const columns = Int32Array.from(declared ?? labels, (label) => indexOf.get(label) ?? -1);
  return {
    labels: [...labels, ...further],
    columns,
    lacking: new Set([...labels.keys()].filter((label) => !columns.includes(label))),
    indexOf,
    byPlace: !(declared ?? values).every((value) => /^-?\d+$/.test(value)),
  };
}

/** Whether classes are but counted, and none of the counts is a class of the data. */
function areNumbers(declared: readonly string[], known: ReadonlyMap<string, number>): boolean {
  return declared.every((label, index) => label === String(index) && !known.has(label));
}

/** Throws where samples of a batch are of a class that the model does not know. */
export function requireKnownClasses(
  { indices, labels }: ClassReferences,
  ids: Ids,
  { columns, labels: all, lacking }: ClassOrder,
): void {
  const unknown = lacking.size === 0 ? undefined : indices.find((index) => lacking.has(index));
  if (unknown === undefined) return;
  const named = namedSamples(ids, (sample) => lacking.has(indices[sample] ?? -1));
  const accepted = Array.from(columns, (column) => all[column]).join(', ');
  throw new Error(
    `the model does not know the class "${labels[unknown] ?? ''}"; its classes are: ${accepted}; not so, in a batch, for ${named ?? ''}`,
  );
}
