import { distance } from 'fastest-levenshtein';

/** More names than this are not listed in an error; the nearest ones are. */
const longestList = 12;

/** `Did you mean "x"?` with the nearest of the known names, and all of them where they are few. */
export function suggest(unknown: string, known: readonly string[]): string {
  if (known.length === 0) return 'There is none yet.';
  const nearest = [...known].sort((a, b) => farness(unknown, a) - farness(unknown, b));
  if (known.length <= longestList) return `Did you mean "${nearest[0] ?? ''}"? Known: ${known.join(', ')}.`;
  const [first, second, third] = nearest;
  return `Did you mean "${first ?? ''}", "${second ?? ''}" or "${third ?? ''}"?`;
}

/** Edits between two names; a name that contains the unknown one is nearer than any that does not. */
function farness(unknown: string, name: string): number {
  return distance(unknown, name) + (unknown !== '' && name.includes(unknown) ? 0 : 1000);
}
