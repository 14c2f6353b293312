import { expect, test } from 'vitest';
import { buildGraph, type GraphBuilder } from '../../../models/onnx/builder.ts';
import { encodeModel } from '../../../models/onnx/write.ts';
import { evaluate } from './evaluation.ts';

const vocabulary = ['<pad>', 'a', 'b', 'c', 'd', 'e'];
const length = 4;
const past = 'past_key_values.0.key';

function table(graph: GraphBuilder, name: string, rows: readonly (readonly number[])[]): string {
  const data = Float32Array.from(rows.flat());
  return graph.initializer(name, { type: 'float32', shape: [rows.length, vocabulary.length], data });
}

/** The scores of one token alone. */
function only(token: number, score: number): number[] {
  return vocabulary.map((_, other) => (other === token ? score : 0));
}

/**
 * A decoder as Optimum exports it, with a cache, a mask and positions, that also reads a source: after each token its successor, after the
 * third place "e", and "d" everywhere for source 1. Where the mask is 0, all tokens score alike.
 */
function decoder(): Uint8Array {
  const graph = buildGraph('decoder');
  const [ids, mask, positions] = ['input_ids', 'attention_mask', 'position_ids'].map((name) =>
    graph.input(name, { type: 'int64', shape: ['batch', 'length'] }),
  ) as [string, string, string];
  const source = graph.input('source', { type: 'int64', shape: ['batch', 1] });
  const before = graph.input(past, { type: 'float32', shape: ['batch', 1, 'past', 1] });
  const successors = vocabulary.map((_, token) => only((token + 1) % vocabulary.length, 5));
  const places = Array.from({ length }, (_, place) => only(5, place === 2 ? 10 : 0));
  const scores = graph.node('Add', [
    graph.node('Gather', [table(graph, 'successors', successors), ids]),
    graph.node('Gather', [table(graph, 'places', places), positions]),
  ]);
  const told = graph.node('Gather', [table(graph, 'sources', [only(0, 0), only(4, 20)]), source]);
  const axes = (name: string, ...values: bigint[]): string =>
    graph.initializer(name, { type: 'int64', shape: [values.length], data: BigInt64Array.from(values) });
  const flags = graph.node('Cast', [mask], { attributes: { to: { int: 1 } } });
  const seen = graph.node('Unsqueeze', [flags, axes('last', -1n)]);
  graph.node('Mul', [graph.node('Add', [scores, told]), seen], { outputs: ['logits'] });
  const now = graph.node('Unsqueeze', [
    graph.node('Cast', [ids], { attributes: { to: { int: 1 } } }),
    axes('around', 1n, 3n),
  ]);
  const all = graph.node('Concat', [before, now], { attributes: { axis: { int: 2 } } });
  // As attention has it: a mask for all tokens, those of the cache too.
  graph.node('Mul', [all, graph.node('Unsqueeze', [flags, 'around'])], { outputs: ['present.0.key'] });
  graph.output('logits', { type: 'float32', shape: ['batch', 'length', vocabulary.length] });
  graph.output('present.0.key', { type: 'float32', shape: ['batch', 1, 'all', 1] });
  return encodeModel(graph.model());
}

const rows = [
  { text: 'a b c e', prompt: 1, source: [0] },
  { text: 'a d d', prompt: 1, source: [1] },
];

const evaluation = {
  data: rows.map((row) => JSON.stringify(row)).join('\n'),
  manifest: {
    format: { kind: 'jsonl' },
    inputs: [
      { kind: 'integers', name: 'source', column: 'source', length: 1 },
      { kind: 'positions', name: 'position_ids' },
      { kind: 'mask', name: 'attention_mask' },
      { kind: 'tokens', name: 'input_ids' },
    ],
    target: {
      ...{ kind: 'tokens', column: 'text', promptColumn: 'prompt', floorColumn: null },
      ...{ vocabulary, join: ' ', end: 'e', length },
    },
  },
  model: decoder(),
  task: { kind: 'generation' },
  metrics: ['perplexity'],
} as const;

test('a decoder is told mask and positions of the text as it grows, what else it reads, and of no earlier tokens', async () => {
  const { predictions } = await evaluate(evaluation);
  // The second goes on beyond its reference, where a mask of that would hide what was written.
  expect(predictions).toMatchObject({ generated: ['b c', 'd d d'], references: ['b c', 'd d'] });
});

test('texts are written to an input of tokens', async () => {
  const { inputs } = evaluation.manifest;
  const manifest = { ...evaluation.manifest, inputs: inputs.slice(0, 3) };
  await expect(evaluate({ ...evaluation, manifest })).rejects.toThrow(
    'a target of tokens needs a tokens input, which prompts are continued in',
  );
});
