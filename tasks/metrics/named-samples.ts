import type { Ids } from '../../core/ids.ts';

const shown = 3;

/** The samples where a check fails, as `samples "a", "b", "c" and 7 more`; null where it never does. */
export function namedSamples(
  ids: Ids,
  isAtFault: (sample: number) => boolean,
  noun = 'sample',
): string | null {
  const named: string[] = [];
  let count = 0;
  for (let sample = 0; sample < ids.length; sample++) {
    if (!isAtFault(sample)) continue;
    count++;
    if (named.length < shown) named.push(`"${ids[sample]!}"`);
  }
  if (count === 0) return null;
  const rest = count > shown ? ` and ${count - shown} more` : '';
  return `${count === 1 ? noun : `${noun}s`} ${named.join(', ')}${rest}`;
}

/** As `namedSamples`, for a check of each cell of row-major [samples, columns]. */
export function namedRows(
  { ids, columns }: { ids: Ids; columns: number },
  isAtFault: (cell: number) => boolean,
): string | null {
  return namedSamples(ids, (sample) => {
    for (let cell = sample * columns; cell < (sample + 1) * columns; cell++) if (isAtFault(cell)) return true;
    return false;
  });
}
