import { expect, test } from 'vitest';
import { textsOf } from '../../../core/ids.ts';
import { buildGraph, type GraphBuilder } from '../../../models/onnx/builder.ts';
import { encodeModel } from '../../../models/onnx/write.ts';
import { decodePredictions, encodePredictions } from '../../../tasks/predictions-parquet.ts';
import type { TaggingPredictions } from '../../../tasks/predictions.ts';
import { evaluate, valuesOf } from './evaluation.ts';

const vocabulary = ['<pad>', '<unk>', 'Ada', 'Lovelace', 'saw', 'Oslo'];
const tags = ['O', 'B-PER', 'I-PER', 'B-LOC'];
/** The tag that the model gives to each word, whatever stands around it. */
const tagOf = [0, 0, 1, 2, 0, 0];
const length = 4;

function model(putOut: (graph: GraphBuilder, ids: string) => void): Uint8Array {
  const graph = buildGraph('tagger');
  putOut(graph, graph.input('ids', { type: 'int64', shape: ['batch', length] }));
  return encodeModel(graph.model());
}

/** Scores of the tags of each word, by a table; padding has a score that is none, where the mask is not heeded. */
const tagger = model((graph, ids) => {
  const mask = graph.input('mask', { type: 'int64', shape: ['batch', length] });
  const scores = vocabulary.flatMap((_, word) => tags.map((__, tag) => Number(tagOf[word] === tag)));
  const data = Float32Array.from(scores);
  const table = graph.initializer('table', {
    type: 'float32',
    shape: [vocabulary.length, tags.length],
    data,
  });
  const found = graph.node('Gather', [table, ids]);
  const places = graph.node('Cast', [mask], { attributes: { to: { int: 1 } } });
  const axes = graph.initializer('axes', { type: 'int64', shape: [1], data: BigInt64Array.of(-1n) });
  graph.node('Div', [found, graph.node('Unsqueeze', [places, axes])], { outputs: ['scores'] });
  graph.output('scores', { type: 'float32', shape: ['batch', length, tags.length] });
});

/** Texts of tags alone. */
function textTaggerOf(texts: string[]): Uint8Array {
  return model((graph, ids) => {
    const table = graph.initializer('table', { type: 'string', shape: [texts.length], data: texts });
    graph.node('Gather', [table, ids], { outputs: ['tags'] });
    graph.output('tags', { type: 'string', shape: ['batch', length] });
  });
}

const textTagger = textTaggerOf(tagOf.map((tag) => tags[tag] ?? ''));

const data = 'words,tags\nAda Lovelace saw Oslo,B-PER I-PER O B-LOC\nBob saw Ada,B-PER O B-PER\n';
const words = { column: 'words', vocabulary, unknown: '<unk>' };
const target = { kind: 'tags', column: 'tags', tags, words, length };
const tokens = { kind: 'tokens', name: 'ids' };
const evaluation = {
  data,
  manifest: { inputs: [tokens, { kind: 'mask', name: 'mask' }], target },
  model: tagger,
  task: { kind: 'tagging' },
  metrics: ['tag-accuracy', 'entity-f1-micro', 'entity-recall-macro', 'entity-precision-micro-strict'],
} as const;

/** Of the entities two persons are found, and a person and a place are not. */
const figures = {
  'tag-accuracy': 5 / 7,
  'entity-f1-micro': (2 * 2) / (2 * 2 + 2),
  'entity-recall-macro': (2 / 3 + 0) / 2,
  'entity-precision-micro-strict': 1,
};

test('a tag is predicted for each word, unknown ones too, and none for padding', async () => {
  const result = await evaluate(evaluation);
  const predictions = result.predictions as TaggingPredictions;
  expect(predictions.predicted).toEqual([
    ['B-PER', 'I-PER', 'O', 'O'],
    ['O', 'O', 'B-PER'],
  ]);
  const values = valuesOf(result);
  for (const [id, value] of Object.entries(figures)) expect(values[id], id).toBeCloseTo(value, 12);
  expect(await decodePredictions(encodePredictions(predictions), 'here')).toEqual({
    ...predictions,
    ids: textsOf(predictions.ids),
  });
});

test('a model may put out the texts of tags, and pieces without a tag are left out', async () => {
  const rows = [{ words: ['Ada', 'Lovelace', 'saw'], tags: ['B-PER', null, 'O'] }];
  const result = await evaluate({
    ...evaluation,
    data: JSON.stringify(rows[0]),
    manifest: { format: { kind: 'jsonl' }, inputs: [tokens], target },
    model: textTagger,
  });
  expect(result.predictions).toMatchObject({ expected: [['B-PER', 'O']], predicted: [['B-PER', 'O']] });
});

test('words without a tag of the model, or without a finite score, are refused with their samples', async () => {
  const single = { ...evaluation, manifest: { inputs: [tokens], target } };
  const given = { ...single, model: textTaggerOf(['O', 'O', 'O', 'O', '', 'O']) };
  await expect(evaluate(given)).rejects.toThrow(
    'the model gives word 3 of a sample the tag ""; accepted is a text; not so, in a batch, for samples "1", "2"',
  );
  const unknownAsNaN = model((graph, ids) => {
    const table = graph.initializer('table', {
      type: 'float32',
      shape: [vocabulary.length, tags.length],
      data: new Float32Array(vocabulary.length * tags.length).fill(NaN, 0, 8),
    });
    graph.node('Gather', [table, ids], { outputs: ['scores'] });
    graph.output('scores', { type: 'float32', shape: ['batch', length, tags.length] });
  });
  await expect(evaluate({ ...single, model: unknownAsNaN })).rejects.toThrow(
    'the model gives word 1 of a sample a score of NaN; finite numbers are accepted; not so, in a batch, for sample "2"',
  );
});

test('the tags of the model may stand in another order', async () => {
  const task = { kind: 'tagging' as const, labels: ['B-LOC', 'O', 'B-PER', 'I-PER'] };
  const { predictions } = await evaluate({ ...evaluation, task });
  expect(predictions).toMatchObject({
    predicted: [
      ['O', 'B-PER', 'B-LOC', 'B-LOC'],
      ['B-LOC', 'B-LOC', 'O'],
    ],
  });
});

const manifest = evaluation.manifest;

test.each([
  [
    { data: data.replace('O B-LOC', 'O') },
    /row 1, column "tags": expected 4 tags, one a word, found "B-PER I-PER O"/,
  ],
  [
    { data: data.replace('B-LOC', 'B-ORG') },
    /row 1, column "tags": expected tags of O, B-PER, I-PER, B-LOC, found/,
  ],
  [
    { data: data.replace('Bob saw Ada', 'Bob saw Ada saw Ada') },
    /row 2, column "words": expected 1 to 4 words/,
  ],
  [
    { manifest: { ...manifest, target: { ...target, words: { ...words, unknown: undefined } } } },
    /"Bob" is not in the vocabulary/,
  ],
  [
    { manifest: { ...manifest, target: { ...target, words: undefined } } },
    /a tokens input needs a target of tokens, or of tags with "words"/,
  ],
  [
    { task: { kind: 'tagging' as const, labels: ['O', 'B-PER', 'I-PER', 'B-X'] } },
    /the model does not know the tag "B-LOC"; its tags are: O, B-PER, I-PER, B-X; not so, in a batch, for sample "1"$/,
  ],
  [
    { task: { kind: 'tagging' as const, labels: ['O', 'B-PER', 'I-PER', 'B-LOC', 'B-X'] } },
    /float \[batch, 4, 5\] for O, B-PER/,
  ],
])('what does not fit is refused: %#', async (given, message) => {
  await expect(evaluate({ ...evaluation, ...given })).rejects.toThrow(message);
});
