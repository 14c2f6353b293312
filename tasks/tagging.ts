import type { Ids } from '../core/ids.ts';
import type { References } from '../core/samples.ts';
import type { Tensors } from '../core/tensor.ts';
import { forEachBatch, type PredictRequest } from './batches.ts';
import { namedSamples } from './metrics/named-samples.ts';
import { floatForm, hasOutput, pickOutput, placeOfHighest, type FloatTensor } from './outputs.ts';
import { tokenLabelForm, type LabelTensor } from './predicted-labels.ts';
import type { TaggingPredictions } from './predictions.ts';

type TagReferences = Extract<References, { kind: 'tags' }>;

/**
 * A tag for each token that has one: the first of the highest scores in an output [batch, length, tags], or what an output
 * [batch, length] of integers or texts says.
 */
export async function tagTokens(request: PredictRequest<'tagging'>): Promise<TaggingPredictions> {
  const [expected, predicted]: [string[][], string[][]] = [[], []];
  const { labels: declared, output } = request.task;
  const { ids, clusters } = await forEachBatch(request, async (batch) => {
    const { references } = batch;
    if (references.kind !== 'tags')
      throw new Error(`tagging needs tags as references; found ${references.kind}`);
    const names = declared ?? references.tags;
    requireKnownTags(references, batch.ids, names);
    const outputs = await request.infer(batch.inputs);
    const reader = readTags(outputs, output, { ids: batch.ids, names, length: lengthOf(references) });
    const places = Array.from({ length: batch.ids.length }, (_, row) => taggedPlaces(references, row));
    expected.push(...places.map((ofRow, row) => ofRow.map((place) => tagOf(references, row, place))));
    predicted.push(...tagsAt(places, reader, batch.ids));
  });
  return { kind: 'tagging', ids, ...(clusters === undefined ? {} : { clusters }), expected, predicted };
}

function lengthOf({ indices, lengths }: TagReferences): number {
  return indices.length / lengths.length;
}

/** Words without a tag, such as further pieces of one, and padding are left out. */
function taggedPlaces(references: TagReferences, row: number): number[] {
  const length = lengthOf(references);
  return Array.from({ length }, (_, place) => place).filter(
    (place) => (references.indices[row * length + place] ?? -1) >= 0,
  );
}

function tagOf(references: TagReferences, row: number, place: number): string {
  return references.tags[references.indices[row * lengthOf(references) + place] ?? -1] ?? '';
}

function requireKnownTags(references: TagReferences, ids: Ids, names: readonly string[]): void {
  const known = new Set(names);
  const unknownOf = (row: number): string | undefined =>
    taggedPlaces(references, row)
      .map((place) => tagOf(references, row, place))
      .find((tag) => !known.has(tag));
  const unknown = Array.from({ length: ids.length }, (_, row) => unknownOf(row));
  const named = namedSamples(ids, (row) => unknown[row] !== undefined);
  if (named === null) return;
  const tag = unknown.find((one) => one !== undefined) ?? '';
  throw new Error(
    `the model does not know the tag "${tag}"; its tags are: ${names.join(', ')}; not so, in a batch, for ${named}`,
  );
}

interface Reading {
  ids: Ids;
  /** The model's tags, in the order of its output. */
  names: readonly string[];
  length: number;
}

interface TagReader {
  /** Null where the output says none. */
  tagAt: (row: number, place: number) => string | null;
  /** What the output says there instead, and what is accepted. */
  oddAt: (row: number, place: number) => string;
}

function readTags(outputs: Tensors, output: string | undefined, reading: Reading): TagReader {
  const { ids, names, length } = reading;
  const scores = floatForm(`[batch, ${length}, ${names.length}]`, ids.length, (shape) =>
    isShape(shape, [ids.length, length, names.length]),
  );
  const labels = tokenLabelForm(ids.length, length);
  if (!hasOutput(outputs, output, scores) && hasOutput(outputs, output, labels))
    return labelReader(pickOutput(outputs, output, labels), reading);
  const accepts = `${scores.accepts} for ${names.join(', ')}, or tags as ${labels.accepts}`;
  return scoreReader(pickOutput(outputs, output, { ...scores, accepts }), reading);
}

/** The tags of the words of each sample; throws where the output says none of one. */
function tagsAt(places: readonly (readonly number[])[], reader: TagReader, ids: Ids): string[][] {
  const tags = places.map((ofRow, row) => ofRow.map((place) => reader.tagAt(row, place)));
  const isWhole = (ofRow: (string | null)[]): ofRow is string[] => !ofRow.includes(null);
  if (tags.every(isWhole)) return tags;
  const row = tags.findIndex((ofRow) => !isWhole(ofRow));
  const place = places[row]?.[tags[row]?.indexOf(null) ?? 0] ?? 0;
  const named = namedSamples(ids, (at) => tags[at]?.includes(null) === true) ?? '';
  throw new Error(
    `the model gives word ${place + 1} of a sample ${reader.oddAt(row, place)}; not so, in a batch, for ${named}`,
  );
}

function isShape(shape: readonly number[], wanted: readonly number[]): boolean {
  return shape.length === wanted.length && wanted.every((size, axis) => size === shape[axis]);
}

function scoreReader({ data }: FloatTensor, { names, length }: Reading): TagReader {
  const scoresAt = (row: number, place: number): FloatTensor['data'] => {
    const start = (row * length + place) * names.length;
    return data.subarray(start, start + names.length);
  };
  return {
    tagAt: (row, place) => {
      const scores = scoresAt(row, place);
      return scores.every(Number.isFinite) ? (names[placeOfHighest(scores)] ?? '') : null;
    },
    oddAt: (row, place) => {
      const odd = scoresAt(row, place).find((score) => !Number.isFinite(score));
      return `a score of ${odd}; finite numbers are accepted`;
    },
  };
}

function labelReader({ data, type }: LabelTensor, { names, length }: Reading): TagReader {
  const foundAt = (row: number, place: number): string => String(data[row * length + place]);
  return {
    tagAt: (row, place) => {
      const found = foundAt(row, place);
      const tag = type === 'string' ? found : names[Number(found)];
      return tag === undefined || tag === '' ? null : tag;
    },
    oddAt: (row, place) => {
      const accepted = type === 'string' ? 'a text' : `0 to ${names.length - 1}`;
      return `the tag "${foundAt(row, place)}"; accepted is ${accepted}`;
    },
  };
}
