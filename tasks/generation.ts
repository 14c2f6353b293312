import type { Ids } from '../core/ids.ts';
import type { Tensor, Tensors } from '../core/tensor.ts';
import { forEachBatch, type PredictRequest } from './batches.ts';
import { finiteLogits, likeliestToken, logSoftmax, readLogits } from './logits.ts';
import { namedSamples } from './metrics/named-samples.ts';
import { joinNextTokens, nextTokensOf, positionsIn, type NextTokens } from './next-tokens.ts';
import type { FloatTensor } from './outputs.ts';
import type { GenerationPredictions } from './predictions.ts';
import { bytesAfterFirst, textOf, tokensOf, type TokenReferences } from './token-text.ts';

/** Rows of token ids being written to, as wide as the model's input. */
interface Draft {
  name: string;
  type: 'int32' | 'int64';
  width: number;
  /** Row-major [rows, width]. */
  ids: Int32Array;
  /** The sample of each row. */
  samples: Ids;
}

/** Logits of a draft. */
type Scorer = (draft: Draft) => Promise<FloatTensor>;

/**
 * Likelihood of each row under the model, and its greedy continuation of each prompt. The model maps token ids
 * [batch, length] to logits [batch, length, vocabulary] and is causal: padding to the right changes nothing.
 */
export async function generateTokens(request: PredictRequest<'generation'>): Promise<GenerationPredictions> {
  const { count } = request.samples;
  const { before, all } = request.stretch ?? { before: 0, all: 0 };
  let positions = before;
  const negativeLogLikelihood = new Float64Array(count);
  let floors: Float64Array | null = null;
  const [tokens, utf8Bytes] = [new Int32Array(count), new Int32Array(count)];
  const [generated, expected]: [string[], string[]] = [[], []];
  const nextTokens: NextTokens[] = [];
  const others: (readonly string[])[] = [];
  const score: Scorer = async (draft) =>
    readLogits(await request.infer(toInputs(draft)), request.task.output, draft.samples.length);
  const identified = await forEachBatch(request, async ({ ids, inputs, references, start }) => {
    if (references.kind !== 'tokens')
      throw new Error(`generation needs token ids as references; found ${references.kind}`);
    const draft = readDraft(inputs, ids);
    const logits = await score(draft);
    requireKnownTokens(logits, ids, references);
    negativeLogLikelihood.set(lossesOf(logits, draft, references), start);
    nextTokens.push(nextTokensOf(logits, references.lengths, { before: positions, all }));
    positions += positionsIn(references);
    generated.push(...(await continueGreedily(score, draft, references)));
    expected.push(...continuations(references));
    tokens.set(
      references.lengths.map((length) => length - 1),
      start,
    );
    utf8Bytes.set(bytesAfterFirst(references), start);
    others.push(...(references.otherTexts ?? []));
    if (references.floorNegativeLogLikelihood === null) return;
    floors ??= new Float64Array(count);
    floors.set(references.floorNegativeLogLikelihood, start);
  });
  return {
    ...{ kind: 'generation', ...identified, negativeLogLikelihood, tokens, utf8Bytes },
    floorNegativeLogLikelihood: floors,
    ...{ generated, references: expected },
    ...(others.length === 0 ? {} : { otherReferences: others }),
    ...joinNextTokens(nextTokens),
  };
}

function readDraft(all: Tensors, samples: Ids): Draft {
  const inputs = Object.entries(all);
  const [first] = inputs;
  if (first === undefined || inputs.length > 1)
    throw new Error('generation takes exactly one input, the token ids');
  const [name, tensor] = first;
  if (tensor.type !== 'int64' && tensor.type !== 'int32')
    throw new Error(`token ids are ${tensor.type}; int64 and int32 are accepted`);
  const ids = Int32Array.from(tensor.data as ArrayLike<number | bigint>, Number);
  return { name, type: tensor.type, width: tensor.shape[1] ?? 0, ids, samples };
}

/** -ln p of each row under the model, in nats. */
function lossesOf(logits: FloatTensor, draft: Draft, references: TokenReferences): Float64Array {
  return Float64Array.from(references.lengths, (_, row) =>
    negativeLogLikelihoodOf(tokensOf(references, row), (position) =>
      finiteLogits(logits, { row, position, sample: draft.samples[row] }),
    ),
  );
}

/** A model may have more tokens than the vocabulary names, as padded ones have, but none that it lacks can be scored. */
function requireKnownTokens(logits: FloatTensor, ids: Ids, references: TokenReferences): void {
  const [, , known = 0] = logits.shape;
  if (known >= references.vocabulary.length) return;
  const isUnknown = (token: number): boolean => token >= known;
  const named = namedSamples(ids, (row) => tokensOf(references, row).some(isUnknown));
  if (named === null) return;
  const unknown = references.vocabulary[references.ids.find(isUnknown) ?? known] ?? '';
  throw new Error(
    `the model does not know the token "${unknown}"; it has logits of the first ${known} of the vocabulary's ${references.vocabulary.length} tokens; not so, in a batch, for ${named}`,
  );
}

function continuations(references: TokenReferences): string[] {
  return Array.from(references.lengths, (_, row) =>
    textOf(references, tokensOf(references, row).subarray(references.promptLengths[row])),
  );
}

function toInputs(draft: Draft): Tensors {
  const shape = [draft.ids.length / draft.width, draft.width];
  const tensor: Tensor =
    draft.type === 'int64'
      ? { type: 'int64', shape, data: BigInt64Array.from(draft.ids, BigInt) }
      : { type: 'int32', shape, data: draft.ids.slice() };
  return { [draft.name]: tensor };
}

/** Sum over the tokens after the first of -ln p, given the logits at each position. */
function negativeLogLikelihoodOf(
  tokens: Int32Array,
  logitsOf: (position: number) => FloatTensor['data'],
): number {
  const steps = Array.from(tokens.subarray(1), (token, position) => {
    const logits = logitsOf(position);
    return -logSoftmax(logits)(logits[token] ?? Number.NEGATIVE_INFINITY);
  });
  return steps.reduce((sum, step) => sum + step, 0);
}

/** Each prompt continued to the token that ends a text, or, where there is no such token, to the length of its reference. */
async function continueGreedily(score: Scorer, given: Draft, references: TokenReferences): Promise<string[]> {
  const { lengths, promptLengths: prompts, end } = references;
  const draft = blankAfterPrompts(given, prompts);
  const ends = end === null ? lengths.slice() : lengths.map(() => draft.width);
  for (let step = 0; ; step++) {
    const going = Array.from(ends.keys()).filter((row) => (prompts[row] ?? 0) + step < (ends[row] ?? 0));
    if (going.length === 0) break;
    const logits = await score(draft);
    for (const row of going) {
      const position = (prompts[row] ?? 0) + step;
      const token = likeliestToken(logits, { row, position: position - 1, sample: draft.samples[row] });
      draft.ids[row * draft.width + position] = token;
      if (token === end) ends[row] = position + 1;
    }
  }
  return Array.from(ends, (to, row) => {
    const from = row * draft.width;
    return textOf(references, draft.ids.subarray(from + (prompts[row] ?? 0), from + to));
  });
}

/** What follows the prompt must be unknown to the model, even if it peeked. */
function blankAfterPrompts(draft: Draft, prompts: Int32Array): Draft {
  const isPrompt = (index: number): boolean =>
    index % draft.width < (prompts[Math.floor(index / draft.width)] ?? 0);
  return { ...draft, ids: draft.ids.map((id, index) => (isPrompt(index) ? id : 0)) };
}
