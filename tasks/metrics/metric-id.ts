/** What a suite may give for an option of a metric. */
export type OptionValue = string | number | boolean | readonly string[];

/** A metric id in its parts, as in `pinball@0.9?output=price`. */
export interface MetricId {
  name: string;
  /** What follows an @; null where there is none. */
  number: string | null;
  /** What follows a ?, by name; written as in the id. */
  options: ReadonlyMap<string, string>;
}

/** The parts of an id; options without a value are empty texts. */
export function parseMetricId(id: string): MetricId {
  const [front, behind] = splitAtFirst(id, '?');
  const [name, number = null] = splitAtFirst(front, '@');
  const pairs = behind === undefined ? [] : behind.split('&').map((pair) => splitAtFirst(pair, '='));
  return { name, number, options: new Map(pairs.map(([option, value = '']) => [option, value])) };
}

export function formatMetricId({ name, number, options }: MetricId): string {
  const pairs = Array.from(options, ([option, value]) => `${option}=${value}`);
  return `${name}${number === null ? '' : `@${number}`}${pairs.length === 0 ? '' : `?${pairs.join('&')}`}`;
}

/** A value as an id holds it: a + between the items of a list, and a percent sign before what has a meaning in ids. */
export function writeOption(value: OptionValue): string {
  return typeof value === 'object' ? value.map(escaped).join('+') : escaped(String(value));
}

/** A text as it was before `writeOption`. */
export function readText(written: string): string {
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}

/** A list as it was before `writeOption`. */
export function readList(written: string): string[] {
  return written.split('+').map(readText);
}

/** The id of a metric that is given with its options beside its id. */
export function withOptions(id: string, options: Readonly<Record<string, OptionValue>>): string {
  const parts = parseMetricId(id);
  const written = Object.entries(options).map(([name, value]) => [name, writeOption(value)] as const);
  return formatMetricId({ ...parts, options: new Map([...parts.options, ...written]) });
}

function splitAtFirst(text: string, separator: string): [string, ...string[]] {
  const place = text.indexOf(separator);
  return place < 0 ? [text] : [text.slice(0, place), text.slice(place + 1)];
}

/** Readable in any script: only what ids, lists and a list of ids on a command line are split at. */
function escaped(text: string): string {
  return text.replace(/[%&=+,?\s]/gu, encodeURIComponent);
}
