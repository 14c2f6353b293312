/** What Python's `str.isspace` holds for white space: unlike \s with U+001C to U+001F and U+0085, and without U+FEFF. */
const whitespace = String.raw`\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;

const word = new RegExp(`[^${whitespace}]+`, 'g');
const runs = new RegExp(`[${whitespace}]{2,}`, 'g');
const atEnd = new RegExp(`[${whitespace}]+$`);
const atEnds = new RegExp(`^[${whitespace}]+|[${whitespace}]+$`, 'g');
const all = new RegExp(`[${whitespace}]+`, 'g');

/** The words of a text, as Python's `split()` finds them. */
export function wordsOf(text: string): string[] {
  return text.match(word) ?? [];
}

/** Without white space at the end, as Python's `rstrip()`. */
export function withoutEnd(text: string): string {
  return text.replace(atEnd, '');
}

/** Without white space at both ends, as Python's `strip()`. */
export function stripped(text: string): string {
  return text.replace(atEnds, '');
}

/** Two and more white spaces become one space. */
export function withoutRuns(text: string): string {
  return text.replace(runs, ' ');
}

/** Without any white space. */
export function withoutWhitespace(text: string): string {
  return text.replace(all, '');
}

/** The code points of a text, Python's characters. */
export function codePointsOf(text: string): number[] {
  const points: number[] = [];
  for (let place = 0; place < text.length;) {
    const point = text.codePointAt(place)!;
    points.push(point);
    place += point > 0xffff ? 2 : 1;
  }
  return points;
}
