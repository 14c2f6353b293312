import type { Samples } from '../core/samples.ts';
import { sliceRows, type Tensor, type Tensors } from '../core/tensor.ts';
import type { GenerationPredictions } from './predictions.ts';
import { onlyFloatOutput, type PredictRequest } from './batches.ts';

type TokenReferences = Extract<Samples['references'], { kind: 'tokens' }>;

/** Rows of token ids being written to, as wide as the model's input. */
interface Batch {
  name: string;
  type: 'int32' | 'int64';
  width: number;
  /** Row-major [rows, width]. */
  ids: Int32Array;
}

/**
 * Likelihood of each row under the model, and its greedy continuation of each prompt. The model maps token ids
 * [batch, length] to logits [batch, length, vocabulary] and is causal: padding to the right changes nothing.
 */
export async function generateTokens(request: PredictRequest): Promise<GenerationPredictions> {
  const { ids, references } = request.samples;
  if (references.kind !== 'tokens')
    throw new Error(`generation needs token ids as references; found ${references.kind}`);
  const negativeLogLikelihood = new Float64Array(ids.length);
  const generated: string[] = [];
  for (let start = 0; start < ids.length; start += request.batchSize) {
    const end = Math.min(start + request.batchSize, ids.length);
    const rows = Array.from({ length: end - start }, (_, offset) => start + offset);
    const batch = readBatch(request.samples, start, end);
    const logits = onlyFloatOutput(await request.infer(toInputs(batch)));
    rows.forEach((row, offset) => {
      negativeLogLikelihood[row] = negativeLogLikelihoodOf(tokensOf(references, row), (position) =>
        logitsAt(logits, offset, position),
      );
    });
    generated.push(...(await continueGreedily(request, batch, rows)));
  }
  return {
    kind: 'generation',
    ids,
    negativeLogLikelihood,
    tokens: references.lengths.map((length) => length - 1),
    floorNegativeLogLikelihood: references.floorNegativeLogLikelihood,
    generated,
    references: ids.map((_, row) =>
      textOf(references, tokensOf(references, row).subarray(references.promptLengths[row])),
    ),
  };
}

function readBatch(samples: Samples, start: number, end: number): Batch {
  const inputs = Object.entries(samples.inputs);
  const [first] = inputs;
  if (first === undefined || inputs.length > 1)
    throw new Error('generation takes exactly one input, the token ids');
  const [name, tensor] = first;
  if (tensor.type !== 'int64' && tensor.type !== 'int32')
    throw new Error(`token ids are ${tensor.type}; int64 and int32 are accepted`);
  const ids = Int32Array.from(sliceRows(tensor, start, end).data as ArrayLike<number | bigint>, Number);
  return { name, type: tensor.type, width: tensor.shape[1] ?? 0, ids };
}

function toInputs(batch: Batch): Tensors {
  const shape = [batch.ids.length / batch.width, batch.width];
  const tensor: Tensor =
    batch.type === 'int64'
      ? { type: 'int64', shape, data: BigInt64Array.from(batch.ids, BigInt) }
      : { type: 'int32', shape, data: batch.ids.slice() };
  return { [batch.name]: tensor };
}

/** Sum over the tokens after the first of -ln p, given the logits at each position. */
function negativeLogLikelihoodOf(tokens: Int32Array, logitsOf: (position: number) => Float32Array): number {
  const steps = Array.from(
    tokens.subarray(1),
    (token, position) => -logProbability(logitsOf(position), token),
  );
  return steps.reduce((sum, step) => sum + step, 0);
}

async function continueGreedily(
  request: PredictRequest,
  batch: Batch,
  rows: readonly number[],
): Promise<string[]> {
  const references = request.samples.references as TokenReferences;
  const prompts = rows.map((row) => references.promptLengths[row] ?? 0);
  const lengths = rows.map((row) => references.lengths[row] ?? 0);
  const steps = Math.max(...rows.map((_, offset) => (lengths[offset] ?? 0) - (prompts[offset] ?? 0)));
  const drafts: Batch = {
    ...batch,
    ids: batch.ids.map((id, index) => blankAfterPrompt(id, index, { batch, prompts })),
  };
  for (let step = 0; step < steps; step++) {
    const logits = onlyFloatOutput(await request.infer(toInputs(drafts)));
    rows.forEach((_, offset) => {
      const position = (prompts[offset] ?? 0) + step;
      if (position >= (lengths[offset] ?? 0)) return;
      drafts.ids[offset * batch.width + position] = argMax(logitsAt(logits, offset, position - 1));
    });
  }
  return rows.map((_, offset) => {
    const from = offset * batch.width;
    return textOf(
      references,
      drafts.ids.subarray(from + (prompts[offset] ?? 0), from + (lengths[offset] ?? 0)),
    );
  });
}

/** What follows the prompt must be unknown to the model, even if it peeked. */
function blankAfterPrompt(
  id: number,
  index: number,
  known: { batch: Batch; prompts: readonly number[] },
): number {
  const offset = Math.floor(index / known.batch.width);
  return index % known.batch.width < (known.prompts[offset] ?? 0) ? id : 0;
}

type FloatTensor = ReturnType<typeof onlyFloatOutput>;

function logitsAt(logits: FloatTensor, row: number, position: number): Float32Array {
  const [, length, vocabulary] = logits.shape;
  if (length === undefined || vocabulary === undefined) {
    throw new Error(
      `the output has shape [${logits.shape.join(', ')}]; [batch, length, vocabulary] is accepted`,
    );
  }
  const from = (row * length + position) * vocabulary;
  return logits.data.subarray(from, from + vocabulary);
}

/** Log-softmax in float64, shifted by the maximum. */
function logProbability(logits: Float32Array, token: number): number {
  const highest = Math.max(...logits);
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - highest);
  return (logits[token] ?? Number.NEGATIVE_INFINITY) - highest - Math.log(sum);
}

function argMax(values: Float32Array): number {
  return values.indexOf(Math.max(...values));
}

/** A row without its padding. */
function tokensOf(references: TokenReferences, row: number): Int32Array {
  const start = row * (references.ids.length / references.lengths.length);
  return references.ids.subarray(start, start + (references.lengths[row] ?? 0));
}

function textOf(references: TokenReferences, tokens: Int32Array): string {
  return Array.from(tokens, (token) => references.vocabulary[token] ?? '?').join(' ');
}
