import { tensor1d, tensor2d, type Scalar } from '@tensorflow/tfjs-core';
import type { Random } from '../../../core/random.ts';
import type { References } from '../../../core/samples.ts';
import { fit, shuffledBatches } from '../fit.ts';
import { crossEntropy, type Labelled } from '../operations.ts';
import { createParameters } from '../parameters.ts';
import type { Recipe } from '../recipe.ts';
import { referencesOf } from '../rows.ts';
import { transformerOnnx } from '../transformer-onnx.ts';
import { transformerTfjs } from '../transformer-tfjs.ts';
import {
  transformerLogits,
  transformerStarts,
  type TokenBatch,
  type TransformerSizes,
} from '../transformer.ts';

type Sentences = Extract<References, { kind: 'tokens' }>;

const architecture = { width: 96, heads: 4, hidden: 384, blocks: 2 };
const ends = { input: 'input_ids', output: 'logits' };
const plan = { epochs: 3, learningRate: 3e-3, weightDecay: 0.05, warmUp: 0.1 };
const batchSize = 32;

/** Sentences of nested clauses by a decoder-only Transformer. */
export const grammarTransformer: Recipe = {
  about: {
    id: 'grammar-transformer',
    title: 'Nested clauses Transformer',
    description:
      'Decoder-only Transformer, two blocks of width 96 with four heads, that continues sentences of nested clauses.',
    task: 'generation',
    dataset: 'clauses',
    tfjsReason: null,
    input: { name: ends.input, shape: ['batch', 'length'] },
    output: { name: ends.output, kind: 'logits' },
  },
  seed: 1,
  train: (samples, random, sparsity) => {
    const sentences = referencesOf(samples, 'tokens');
    const context = sentences.ids.length / sentences.lengths.length;
    const sizes: TransformerSizes = { ...architecture, context, vocabulary: sentences.vocabulary.length };
    const parameters = createParameters(transformerStarts(sizes), random);
    const loss = (rows: readonly number[]): Scalar => {
      const { batch, labelled } = cutBatch(sentences, rows);
      return crossEntropy(transformerLogits(parameters, sizes, batch), labelled);
    };
    fit(
      parameters,
      { batches: (stream) => batchesByLength(sentences, stream), loss },
      { plan: { ...plan, sparsity }, random },
    );
    const trained = { parameters, sizes };
    return {
      onnx: transformerOnnx('grammar-transformer', trained, ends),
      tfjs: transformerTfjs('grammar-transformer', trained, ends),
    };
  },
};

/** Batches of sentences of about the same length, so that little of a batch is padding. */
function batchesByLength({ lengths }: Sentences, random: Random): number[][] {
  const lengthOf = (row: number): number => lengths[row] ?? 0;
  const batches = shuffledBatches(lengths.length, 16 * batchSize, random).flatMap((rows) => {
    const sorted = rows.toSorted((a, b) => lengthOf(a) - lengthOf(b));
    return Array.from({ length: Math.ceil(rows.length / batchSize) }, (_, batch) =>
      sorted.slice(batch * batchSize, (batch + 1) * batchSize),
    );
  });
  return random.shuffle(batches);
}

/** The tokens of sentences but their last as inputs, and but their first as labels; padding weighs nothing. */
function cutBatch(sentences: Sentences, rows: readonly number[]): { batch: TokenBatch; labelled: Labelled } {
  const context = sentences.ids.length / sentences.lengths.length;
  const lengths = rows.map((row) => sentences.lengths[row] ?? 0);
  const length = Math.max(...lengths) - 1;
  const tokens = lengths.reduce((sum, one) => sum + one - 1, 0);
  const cells = rows.flatMap((row, place) =>
    Array.from({ length }, (_, column) => ({
      id: sentences.ids[row * context + column] ?? 0,
      label: sentences.ids[row * context + column + 1] ?? 0,
      weight: column + 1 < (lengths[place] ?? 0) ? 1 / tokens : 0,
    })),
  );
  const labels = tensor1d(
    Int32Array.from(cells, ({ label }) => label),
    'int32',
  );
  const weights = tensor2d(
    Float32Array.from(cells, ({ weight }) => weight),
    [cells.length, 1],
  );
  return {
    batch: { ids: Int32Array.from(cells, ({ id }) => id), rows: rows.length, length },
    labelled: { labels, weights },
  };
}
