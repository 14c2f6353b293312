import { distance } from 'fastest-levenshtein';

/** More names than this are not listed in an error; the nearest ones are. */
const longestList = 12;
const fewest = 3;

/** `Did you mean "x"?` with the nearest of the known names where they are near, and all of them where they are few. */
export function suggest(unknown: string, known: readonly string[]): string {
  if (known.length === 0) return 'There is none yet.';
  const nearest = known.toSorted((a, b) => farness(unknown, a) - farness(unknown, b));
  const near = nearest.filter((name) => isNear(unknown, name)).slice(0, isShort(known) ? 1 : fewest);
  const meant = near.length === 0 ? '' : `Did you mean ${either(near)}?`;
  if (isShort(known)) return `${meant} Known: ${known.join(', ')}.`.trimStart();
  if (meant !== '') return meant;
  return `Known: ${nearest.slice(0, fewest).join(', ')} and ${known.length - fewest} more.`;
}

function isShort({ length }: readonly string[]): boolean {
  return length <= longestList;
}

/** `"x"`, `"x" or "y"`, `"x", "y" or "z"`. */
function either(names: readonly string[]): string {
  const quoted = names.map((name) => `"${name}"`);
  return [quoted.slice(0, -1).join(', '), quoted.at(-1) ?? ''].filter((part) => part !== '').join(' or ');
}

/** A slip of the fingers: at most half of the characters are others, or two change places; or it is a part of the name. */
function isNear(unknown: string, name: string): boolean {
  const mostEdits = Math.max(2, unknown.length / 2);
  return contains(name, unknown) || edits(unknown, name) <= mostEdits;
}

/** As typed without care for case and separators. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/** Edits between two names; a name that contains the unknown one is nearer than any that does not. */
function farness(unknown: string, name: string): number {
  return edits(unknown, name) + (contains(name, unknown) ? 0 : 1000);
}

function contains(name: string, unknown: string): boolean {
  return plain(unknown) !== '' && plain(name).includes(plain(unknown));
}

/** A name that differs in case and separators alone is one edit away. */
function edits(unknown: string, name: string): number {
  return Math.min(distance(unknown, name), distance(plain(unknown), plain(name)) + 1);
}
