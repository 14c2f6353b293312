const shown = 3;

/** The samples where a check fails, as `"a", "b", "c" and 7 more`; null where it never does. */
export function namedSamples(ids: readonly string[], isAtFault: (sample: number) => boolean): string | null {
  const named: string[] = [];
  let count = 0;
  for (let sample = 0; sample < ids.length; sample++) {
    if (!isAtFault(sample)) continue;
    count++;
    if (named.length < shown) named.push(`"${ids[sample]!}"`);
  }
  if (count === 0) return null;
  return count > shown ? `${named.join(', ')} and ${count - shown} more` : named.join(', ');
}
