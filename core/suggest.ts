import { closest } from 'fastest-levenshtein';

/** `Did you mean "x"?` with the nearest of the known names, or a list of them where none is near. */
export function suggest(unknown: string, known: readonly string[]): string {
  if (known.length === 0) return 'There is none yet.';
  const nearest = closest(unknown, known);
  return `Did you mean "${nearest}"? Known: ${known.join(', ')}.`;
}
