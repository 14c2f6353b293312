import type { References } from '../core/samples.ts';
import type { DatasetManifest } from './manifest.ts';

/** The group of each row that the split is made by, from 0; null where all are of one. */
export type Grouping = (references: References) => Int32Array | null;

/** Groups rows by their class, where each is to have the same share of the test split, or by the query they are candidates of. */
export function createGrouping({ split }: DatasetManifest): Grouping {
  const numbers = new Map<string, number>();
  const numberOf = (query: string): number => {
    const number = numbers.get(query) ?? numbers.size;
    numbers.set(query, number);
    return number;
  };
  return (references) => {
    if (references.kind === 'gains') return Int32Array.from(references.queries, numberOf);
    return split.stratify && references.kind === 'classes' ? references.indices : null;
  };
}
