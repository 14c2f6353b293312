import type { Ids } from '../core/ids.ts';
import { withWords, type WordRows } from '../core/word-inputs.ts';
import { forEachBatch, type PredictRequest } from './batches.ts';
import { finiteLogits, likeliestToken, logSoftmax, readLogits } from './logits.ts';
import { namedSamples } from './metrics/named-samples.ts';
import { joinNextTokens, nextTokensOf, positionsIn, type NextTokens } from './next-tokens.ts';
import type { FloatTensor } from './outputs.ts';
import type { GenerationPredictions } from './predictions.ts';
import { bytesAfterFirst, textOf, tokensOf, type TokenReferences } from './token-text.ts';

/** Rows of tokens being written to, as wide as the model's input. */
interface Draft extends WordRows {
  ids: Int32Array;
  /** The sample of each row. */
  samples: Ids;
}

/** Logits of a draft. */
type Scorer = (draft: Draft) => Promise<FloatTensor>;

/**
 * Likelihood of each row under the model, and its greedy continuation of each prompt. The model maps token ids
 * [batch, length] to logits [batch, length, vocabulary] and is causal: padding to the right changes nothing. Inputs that
 * tell of the words follow the text as it grows; others, such as what an encoder reads, stay as they are.
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
  const identified = await forEachBatch(request, async ({ ids, inputs, references, start }) => {
    if (references.kind !== 'tokens')
      throw new Error(`generation needs token ids as references; found ${references.kind}`);
    const draft = readDraft(references, ids);
    const score: Scorer = async (rows) =>
      readLogits(
        await request.infer(withWords(inputs, references.words, rows)),
        request.task.output,
        ids.length,
      );
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

function readDraft({ ids, lengths }: TokenReferences, samples: Ids): Draft {
  return { ids, lengths, width: ids.length / lengths.length, samples };
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
    const logits = await score({
      ...draft,
      lengths: prompts.map((length) => Math.min(length + step, draft.width)),
    });
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
