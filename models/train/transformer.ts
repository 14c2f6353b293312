import {
  add,
  matMul,
  mean,
  mul,
  reshape,
  rsqrt,
  slice,
  softmax,
  square,
  sub,
  tensor,
  tensor1d,
  transpose,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { dense, denseRelu, lookUp } from './operations.ts';
import { heLayer, parameter, type Parameters, type Start } from './parameters.ts';

/** Sizes of a decoder-only Transformer. */
export interface TransformerSizes {
  vocabulary: number;
  /** The longest sequence it takes. */
  context: number;
  width: number;
  heads: number;
  hidden: number;
  blocks: number;
}

/** Token ids of a batch, row-major [rows, length]. */
export interface TokenBatch {
  ids: Int32Array;
  rows: number;
  length: number;
}

/** Added to scores of tokens to come; far below any score, yet within float16. */
const maskedScore = -10_000;
export const layerNormEpsilon = 1e-5;

/** Where the parameters of a Transformer with layer normalisation before each part (GPT-2's arrangement) start. */
export function transformerStarts(sizes: TransformerSizes): Record<string, Start> {
  const { vocabulary, context, width, blocks } = sizes;
  return {
    'tokens/table': { shape: [vocabulary, width], deviation: 0.05 },
    'positions/table': { shape: [context, width], deviation: 0.05 },
    ...Object.fromEntries(blockNames(blocks).flatMap((block) => Object.entries(blockStarts(block, sizes)))),
    ...normStarts('final_norm', width),
    ...layerStarts('head', width, vocabulary),
  };
}

/** Names of the blocks, from the input on. */
export function blockNames(blocks: number): string[] {
  return Array.from({ length: blocks }, (_, block) => `block_${block}`);
}

function blockStarts(block: string, { width, hidden }: TransformerSizes): Record<string, Start> {
  return {
    ...normStarts(`${block}/attention_norm`, width),
    ...layerStarts(`${block}/query`, width, width),
    ...layerStarts(`${block}/key`, width, width),
    ...layerStarts(`${block}/value`, width, width),
    ...layerStarts(`${block}/merge`, width, width),
    ...normStarts(`${block}/feed_norm`, width),
    ...layerStarts(`${block}/expand`, width, hidden),
    ...layerStarts(`${block}/contract`, hidden, width),
  };
}

function layerStarts(name: string, inputs: number, outputs: number): Record<string, Start> {
  const { kernel, bias } = heLayer(inputs, outputs);
  return { [`${name}/kernel`]: { ...kernel, deviation: kernel.deviation / 2 }, [`${name}/bias`]: bias };
}

function normStarts(name: string, width: number): Record<string, Start> {
  return {
    [`${name}/scale`]: { shape: [width], deviation: 0, mean: 1 },
    [`${name}/shift`]: { shape: [width], deviation: 0 },
  };
}

/** Logits [rows * length, vocabulary] of the token after each token. */
export function transformerLogits(
  parameters: Parameters,
  sizes: TransformerSizes,
  batch: TokenBatch,
): Tensor2D {
  const { rows, length } = batch;
  const shape = { ...sizes, rows, length };
  const embedded = lookUp(table(parameters, 'tokens'), tensor1d(batch.ids, 'int32'));
  const positions = slice(table(parameters, 'positions'), [0, 0], [length, sizes.width]);
  const start = reshape(add(reshape(embedded, [rows, length, sizes.width]), positions), [
    rows * length,
    sizes.width,
  ]);
  const states = blockNames(sizes.blocks).reduce<Tensor>(
    (state, block) => applyBlock(parameters, block, { state, shape }),
    start,
  );
  return dense(parameters, 'head', normalise(parameters, 'final_norm', states));
}

interface Flow {
  state: Tensor;
  shape: TransformerSizes & { rows: number; length: number };
}

function applyBlock(parameters: Parameters, block: string, { state, shape }: Flow): Tensor {
  const attended = add(
    state,
    attend(parameters, block, { state: normalise(parameters, `${block}/attention_norm`, state), shape }),
  );
  const expanded = denseRelu(
    parameters,
    `${block}/expand`,
    normalise(parameters, `${block}/feed_norm`, attended),
  );
  return add(attended, dense(parameters, `${block}/contract`, expanded));
}

function attend(parameters: Parameters, block: string, { state, shape }: Flow): Tensor {
  const { rows, length, heads, width } = shape;
  const split = (part: string, axes: number[]): Tensor =>
    transpose(
      reshape(dense(parameters, `${block}/${part}`, state), [rows, length, heads, width / heads]),
      axes,
    );
  const scores = mul(
    matMul(split('query', [0, 2, 1, 3]), split('key', [0, 2, 3, 1])),
    Math.sqrt(heads / width),
  );
  const shares = softmax(add(scores, tensor(causalMask(length), [length, length])));
  const merged = transpose(matMul(shares, split('value', [0, 2, 1, 3])), [0, 2, 1, 3]);
  return dense(parameters, `${block}/merge`, reshape(merged, [rows * length, width]));
}

/** [length, length]: 0 where a token may look, `maskedScore` where it would look ahead. */
export function causalMask(length: number): Float32Array {
  return Float32Array.from({ length: length * length }, (_, index) =>
    index % length <= Math.floor(index / length) ? 0 : maskedScore,
  );
}

function normalise(parameters: Parameters, name: string, state: Tensor): Tensor {
  const centred = sub(state, mean(state, -1, true));
  const scale = rsqrt(add(mean(square(centred), -1, true), layerNormEpsilon));
  return add(
    mul(mul(centred, scale), parameter(parameters, `${name}/scale`)),
    parameter(parameters, `${name}/shift`),
  );
}

function table(parameters: Parameters, name: string): Tensor2D {
  return parameter(parameters, `${name}/table`) as unknown as Tensor2D;
}
