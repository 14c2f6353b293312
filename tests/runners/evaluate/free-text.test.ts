import { expect, test } from 'vitest';
import { textsOf } from '../../../core/ids.ts';
import { buildGraph } from '../../../models/onnx/builder.ts';
import { encodeModel } from '../../../models/onnx/write.ts';
import { decodePredictions, encodePredictions } from '../../../tasks/predictions-parquet.ts';
import type { GenerationPredictions } from '../../../tasks/predictions.ts';
import { evaluate, valuesOf } from './evaluation.ts';

/** Pieces of words, which spaces are part of. */
const vocabulary = ['<pad>', 'The', ' cat', ' sat', 's', '.', '<end>'];
/** What the model puts after each piece; of all others each is e^2 times less likely. */
const next = [0, 2, 3, 5, 5, 6, 6];
const length = 6;

/** A model whose next piece depends on the last one alone. */
function bigramModel(): Uint8Array {
  const graph = buildGraph('bigram');
  const ids = graph.input('ids', { type: 'int64', shape: ['batch', length] });
  const size = vocabulary.length;
  const logits = Float32Array.from({ length: size * size }, (_, cell) =>
    next[Math.floor(cell / size)] === cell % size ? 2 : 0,
  );
  const table = graph.initializer('table', { type: 'float32', shape: [size, size], data: logits });
  graph.node('Gather', [table, ids], { outputs: ['logits'] });
  graph.output('logits', { type: 'float32', shape: ['batch', length, size] });
  return encodeModel(graph.model());
}

const target = {
  ...{ kind: 'tokens', column: 'pieces', promptColumn: 'prompt', floorColumn: null },
  ...{ otherColumns: ['also'], vocabulary, join: '', end: '<end>', length },
};
const evaluation = {
  manifest: { format: { kind: 'jsonl' }, inputs: [{ kind: 'tokens', name: 'ids' }], target },
  model: bigramModel(),
  task: { kind: 'generation' },
} as const;

/** As the model has it; and one that it continues otherwise, but as another reference has it. */
const rows = [
  { pieces: [1, 2, 3, 5, 6], prompt: 1, also: null },
  { pieces: ['The', ' cat', 's', '.', '<end>'], prompt: 2, also: [' sat.', ' sits.'] },
];
const data = rows.map((row) => JSON.stringify(row)).join('\n');

test('free text is generated to its end, scored against several references and by its bytes', async () => {
  const metrics = ['exact-match', 'bits-per-byte', 'cer', 'bleu?tokenize=char'];
  const result = await evaluate({ ...evaluation, data, metrics });
  const predictions = result.predictions as GenerationPredictions;
  expect(predictions).toMatchObject({
    generated: [' cat sat.', ' sat.'],
    references: [' cat sat.', 's.'],
    otherReferences: [[], [' sat.', ' sits.']],
    utf8Bytes: Int32Array.of(' cat sat.'.length, ' cats.'.length),
  });
  const likely = Math.log(1 + 6 * Math.exp(-2));
  const nats = 7 * likely + (likely + 2);
  const values = valuesOf(result);
  expect(values['exact-match']).toBe(1);
  expect(values['bits-per-byte']).toBeCloseTo(nats / (15 * Math.LN2), 6);
  expect(values.cer).toBeCloseTo((0 + 2) / ('cat sat.'.length + 's.'.length), 12);
  expect(values['bleu?tokenize=char']).toBeCloseTo(100, 9);
  expect(result.metrics.at(-1)?.signature).toContain('nrefs:var|case:mixed|eff:no|tok:char');
  expect(await decodePredictions(encodePredictions(predictions), 'here')).toEqual({
    ...predictions,
    ids: textsOf(predictions.ids),
  });
});

test.each([
  [
    { pieces: [1, 2, 7], prompt: 1 },
    /row 1, column "pieces": expected words of the vocabulary, or whole numbers from 0 to 6, found \[1,2,7\]/,
  ],
  [
    { pieces: ['The', ' hat'], prompt: 1 },
    /row 1, column "pieces": " hat" is not in the vocabulary\. Did you mean " cat"/,
  ],
  [{ pieces: [1], prompt: 1 }, /row 1, column "pieces": expected 2 to 6 words/],
  [
    { pieces: [1, 2], prompt: 1, also: 3 },
    /row 1, column "also": expected a text, a list of texts, or nothing, found 3/,
  ],
])('a row of %j is refused', async (row, message) => {
  const wrong = JSON.stringify({ also: null, ...row });
  await expect(evaluate({ ...evaluation, data: wrong, metrics: ['bleu'] })).rejects.toThrow(message);
});

test('an end that is no word of the vocabulary is refused', async () => {
  const manifest = { ...evaluation.manifest, target: { ...target, end: '</s>' } };
  await expect(evaluate({ ...evaluation, manifest, data, metrics: ['bleu'] })).rejects.toThrow(
    /target\.end: expected a word of the vocabulary/,
  );
});
