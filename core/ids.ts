import { joinColumns } from './join-columns.ts';

/**
 * What samples are called. Of those called by their row numbers the numbers are kept: threads share them, where texts would be copied
 * one by one. `String` of an item is the id either way.
 */
export type Ids = readonly string[] | Int32Array;

/** Ids as texts. */
export function textsOf(ids: Ids): string[] {
  return Array.from<string | number, string>(ids, String);
}

/** Ids of parts, one after another. */
export function joinIds(parts: readonly Ids[]): Ids {
  const isNumbers = (ids: Ids): ids is Int32Array => ids instanceof Int32Array;
  return parts.every(isNumbers)
    ? joinColumns(parts, (length) => new Int32Array(length))
    : parts.flatMap(textsOf);
}
