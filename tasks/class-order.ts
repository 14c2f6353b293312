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
  /** A class that the model puts out by the number that it is, as 1 of `1.0` or `True`; see `numberOf`. */
  indexOfNumber: ReadonlyMap<number, number>;
  /** Whether an integer that the model puts out is the place of a class in its order; else it is the class of that number. */
  byPlace: boolean;
}

/**
 * Matches the classes a model declares, in the order of its output, with those of the dataset, as they are written or by the number that
 * they are; undeclared, they are the same, and so they are where the model was trained on their numbers.
 */
export function orderClasses(
  { labels, values }: Pick<ClassReferences, 'labels' | 'values'>,
  given?: readonly string[],
): ClassOrder {
  const indexOf = new Map(values.map((value, index) => [value, index]));
  for (const [index, label] of labels.entries()) indexOf.set(label, index);
  const placeOfNumber = numbersOf(values);
  const find = (label: string): number | undefined =>
    findClass({ indexOf, indexOfNumber: placeOfNumber }, label);
  const declared = given !== undefined && areNumbers(given, find) ? undefined : given;
  const further = declared?.filter((label) => find(label) === undefined) ?? [];
  for (const [index, label] of further.entries()) indexOf.set(label, labels.length + index);
  const columns = Int32Array.from(declared ?? labels, (label) => find(label) ?? -1);
  const known = declared ?? values;
  const indexOfNumber = new Map(
    [...numbersOf(known)].map(([number, place]) => [number, columns[place] ?? -1]),
  );
  return {
    labels: [...labels, ...further],
    columns,
    lacking: new Set([...labels.keys()].filter((label) => !columns.includes(label))),
    ...{ indexOf, indexOfNumber },
    byPlace: indexOfNumber.size === 0 && !known.every(isInteger),
  };
}

/** The class that a text is, as it is written or else by its number. */
export function findClass(
  { indexOf, indexOfNumber }: Pick<ClassOrder, 'indexOf' | 'indexOfNumber'>,
  text: string,
): number | undefined {
  return indexOf.get(text) ?? indexOfNumber.get(numberOf(text));
}

/** Classes by their numbers; none where not all are whole numbers, or two are the same. */
function numbersOf(values: readonly string[]): ReadonlyMap<number, number> {
  const numbers = new Map(values.map((value, index) => [numberOf(value), index]));
  return numbers.size === values.length && [...numbers.keys()].every(Number.isInteger) ? numbers : new Map();
}

/** What NumPy makes of a class: pandas writes `1.0` and `True` into CSV of what exporters list as 1. NaN where it is a word. */
function numberOf(text: string): number {
  if (/^true$/i.test(text)) return 1;
  if (/^false$/i.test(text)) return 0;
  return /^-?\d+(?:\.0*)?$/.test(text) ? Number(text) : NaN;
}

function isInteger(label: string): boolean {
  return /^-?\d+$/.test(label);
}

/** Whether classes are but counted, and none of the counts is a class of the data. */
function areNumbers(declared: readonly string[], find: (label: string) => number | undefined): boolean {
  return declared.every((label, index) => label === String(index) && find(label) === undefined);
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
