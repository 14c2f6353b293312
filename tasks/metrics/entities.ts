import type { ClassCounts } from './confusion.ts';

/** A run of tokens of one type. */
interface Entity {
  type: string;
  start: number;
  end: number;
}

/** The place of a token in its entity, and the entity's type: `B-PER` is B and PER. */
interface Tag {
  place: string;
  type: string;
}

/** How entities are read off tags. `conlleval`: leniently, as the CoNLL script does. `iob2`: only well-formed B I I. */
export type EntityReading = 'conlleval' | 'iob2';

/** Counts by entity type: an entity is right where type, start and end are (seqeval 1.2.2). Types are in code-point order. */
export function entityCounts(
  expected: readonly (readonly string[])[],
  predicted: readonly (readonly string[])[],
  reading: EntityReading,
): { types: string[]; counts: ClassCounts } {
  const tallies = new Map<string, { truePositives: number; predicted: number; expected: number }>();
  for (const [index, tags] of expected.entries()) {
    const wanted = uniqueEntities(tags, reading);
    const found = uniqueEntities(predicted[index]!, reading);
    for (const { type } of wanted.values()) tallyOf(tallies, type).expected++;
    for (const { type } of found.values()) tallyOf(tallies, type).predicted++;
    for (const [key, { type }] of found) if (wanted.has(key)) tallyOf(tallies, type).truePositives++;
  }
  const types = [...tallies.keys()].sort(byCodePoint);
  const column = (name: 'truePositives' | 'predicted' | 'expected') =>
    Float64Array.from(types, (type) => tallies.get(type)![name]);
  return {
    types,
    counts: {
      truePositives: column('truePositives'),
      predicted: column('predicted'),
      expected: column('expected'),
    },
  };
}

/** Share of tokens whose tag is right (seqeval `accuracy_score`). */
export function tagAccuracy(
  expected: readonly (readonly string[])[],
  predicted: readonly (readonly string[])[],
): number {
  let [hits, tokens] = [0, 0];
  for (let sample = 0; sample < expected.length; sample++) {
    const [wanted, found] = [expected[sample]!, predicted[sample]!];
    tokens += wanted.length;
    for (let place = 0; place < wanted.length; place++) if (wanted[place] === found[place]) hits++;
  }
  return hits / tokens;
}

function tallyOf<Tally>(tallies: Map<string, Tally | Zero>, type: string): Tally | Zero {
  const tally = tallies.get(type) ?? { truePositives: 0, predicted: 0, expected: 0 };
  tallies.set(type, tally);
  return tally;
}

interface Zero {
  truePositives: number;
  predicted: number;
  expected: number;
}

function uniqueEntities(tags: readonly string[], reading: EntityReading): Map<string, Entity> {
  const entities = reading === 'iob2' ? strictEntities(tags) : lenientEntities(tags);
  return new Map(entities.map((entity) => [`${entity.start} ${entity.end} ${entity.type}`, entity]));
}

const outside: Tag = { place: 'O', type: '_' };

function lenientEntities(tags: readonly string[]): Entity[] {
  const entities: Entity[] = [];
  let [before, start]: [Tag, number] = [{ place: 'O', type: '' }, 0];
  for (const [index, tag] of [...tags.map(lenientTag), outside].entries()) {
    if (endsAfter(before, tag)) entities.push({ type: before.type, start, end: index - 1 });
    if (startsWith(before, tag)) start = index;
    before = tag;
  }
  return entities;
}

function lenientTag(tag: string): Tag {
  const place = String.fromCodePoint(tag.codePointAt(0) ?? 0);
  const rest = tag.slice(place.length);
  return { place, type: rest.slice(rest.indexOf('-') + 1) || '_' };
}

/** Whether the entity of the token before ends with it. */
function endsAfter(before: Tag, tag: Tag): boolean {
  if (before.place === 'E' || before.place === 'S') return true;
  if ((before.place === 'B' || before.place === 'I') && ['B', 'S', 'O'].includes(tag.place)) return true;
  return isInside(before) && before.type !== tag.type;
}

/** Whether an entity starts at a token. */
function startsWith(before: Tag, tag: Tag): boolean {
  if (tag.place === 'B' || tag.place === 'S') return true;
  if (['E', 'S', 'O'].includes(before.place) && ['E', 'I'].includes(tag.place)) return true;
  return isInside(tag) && before.type !== tag.type;
}

function isInside({ place }: Tag): boolean {
  return place !== 'O' && place !== '.';
}

function strictEntities(tags: readonly string[]): Entity[] {
  const entities: Entity[] = [];
  for (const [index, tag] of tags.entries()) {
    const type = tag.slice(1).replace(/^-+|-+$/g, '') || '_';
    const last = entities.at(-1);
    if (tag.startsWith('B')) entities.push({ type, start: index, end: index });
    else if (tag.startsWith('I') && last?.type === type && last.end === index - 1) last.end = index;
  }
  return entities;
}

/** UTF-16 order differs from code-point order beyond U+FFFF. */
function byCodePoint(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  const place = left.findIndex((character, index) => character !== right[index]);
  return place < 0
    ? left.length - right.length
    : (left[place]!.codePointAt(0) ?? 0) - (right[place]?.codePointAt(0) ?? -1);
}
