import type { References } from '../core/samples.ts';
import type { Tensors } from '../core/tensor.ts';
import { forEachBatch, type PredictRequest } from './batches.ts';
import { namedSamples } from './metrics/named-samples.ts';
import { floatForm, hasOutput, pickOutput, type FloatTensor } from './outputs.ts';
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
    const tagAt = readTags(outputs, output, { ids: batch.ids, names, length: lengthOf(references) });
    for (const row of batch.ids.keys()) {
      const places = taggedPlaces(references, row);
      expected.push(places.map((place) => tagOf(references, row, place)));
      predicted.push(places.map((place) => tagAt(row, place)));
    }
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

function requireKnownTags(references: TagReferences, ids: readonly string[], names: readonly string[]): void {
  const known = new Set(names);
  const unknownOf = (row: number): string | undefined =>
    taggedPlaces(references, row)
      .map((place) => tagOf(references, row, place))
      .find((tag) => !known.has(tag));
  const unknown = ids.map((_, row) => unknownOf(row));
  const named = namedSamples(ids, (row) => unknown[row] !== undefined);
  if (named === null) return;
  const tag = unknown.find((one) => one !== undefined) ?? '';
  throw new Error(
    `the model does not know the tag "${tag}"; its tags are: ${names.join(', ')}; not so, in a batch, for ${named}`,
  );
}

interface Reading {
  ids: readonly string[];
  /** The model's tags, in the order of its output. */
  names: readonly string[];
  length: number;
}

type TagAt = (row: number, place: number) => string;

function readTags(outputs: Tensors, output: string | undefined, reading: Reading): TagAt {
  const { ids, names, length } = reading;
  const scores = floatForm(`[batch, ${length}, ${names.length}]`, (shape) =>
    isShape(shape, [ids.length, length, names.length]),
  );
  const labels = tokenLabelForm(ids.length, length);
  if (!hasOutput(outputs, output, scores) && hasOutput(outputs, output, labels))
    return labelAt(pickOutput(outputs, output, labels), reading);
  const accepts = `${scores.accepts} for ${names.join(', ')}, or tags as ${labels.accepts}`;
  return likeliestAt(pickOutput(outputs, output, { ...scores, accepts }), reading);
}

function isShape(shape: readonly number[], wanted: readonly number[]): boolean {
  return shape.length === wanted.length && wanted.every((size, axis) => size === shape[axis]);
}

function likeliestAt({ data }: FloatTensor, { ids, names, length }: Reading): TagAt {
  return (row, place) => {
    const start = (row * length + place) * names.length;
    let best = 0;
    for (let tag = 0; tag < names.length; tag++) {
      const score = data[start + tag] ?? Number.NaN;
      if (!Number.isFinite(score))
        throw new Error(
          `the model gives word ${place + 1} of sample "${ids[row] ?? ''}" a score of ${score}; finite numbers are accepted`,
        );
      if (score > (data[start + best] ?? 0)) best = tag;
    }
    return names[best] ?? '';
  };
}

function labelAt({ data, type }: LabelTensor, { ids, names, length }: Reading): TagAt {
  return (row, place) => {
    const found = String(data[row * length + place]);
    const tag = type === 'string' ? found : names[Number(found)];
    if (tag !== undefined && tag !== '') return tag;
    const accepted = type === 'string' ? 'a text' : `0 to ${names.length - 1}`;
    throw new Error(
      `the model gives word ${place + 1} of sample "${ids[row] ?? ''}" the tag "${found}"; accepted is ${accepted}`,
    );
  };
}
