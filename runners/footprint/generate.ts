import type { Clock } from '../../core/clock.ts';
import { withWords } from '../../core/word-inputs.ts';
import type { Tensors } from '../../core/tensor.ts';
import type { Infer } from '../../tasks/batches.ts';
import { likeliestToken, readLogits } from '../../tasks/logits.ts';
import type { GeneratedSequence, GenerationRequest } from './request.ts';

/** How the model takes token ids. */
export interface Generator {
  infer: Infer;
  /** Whether a row must be as long as the dataset's rows, padding included. */
  isPadded: boolean;
  clock: Clock;
}

/**
 * Continues each prompt token by token, as served: every pass runs the whole sequence so far, since the networks measured
 * here keep no key-value cache. One prompt is run before, uncounted.
 */
export async function generateSequences(
  request: GenerationRequest,
  generator: Generator,
): Promise<GeneratedSequence[]> {
  const { prompts, budgetMs } = request;
  const [first] = prompts;
  if (first === undefined) return [];
  await continuePrompt(request, first, generator);
  const end = generator.clock.nowMs() + budgetMs;
  const sequences: GeneratedSequence[] = [];
  for (const prompt of prompts) {
    sequences.push(await continuePrompt(request, prompt, generator));
    if (generator.clock.nowMs() > end) break;
  }
  return sequences;
}

async function continuePrompt(
  request: GenerationRequest,
  { ids, inputs, newTokens }: GenerationRequest['prompts'][number],
  { infer, isPadded, clock }: Generator,
): Promise<GeneratedSequence> {
  const tokens = [...ids];
  const start = clock.nowMs();
  let firstToken = start;
  for (let step = 0; step < newTokens; step++) {
    const told = toInputs(request, { inputs, tokens }, isPadded);
    const logits = readLogits(await infer(told), request.output, 1);
    tokens.push(likeliestToken(logits, { row: 0, position: tokens.length - 1 }));
    if (step === 0) firstToken = clock.nowMs();
  }
  const promptTokens = ids.length;
  const furtherTokensMs = clock.nowMs() - firstToken;
  return { promptTokens, newTokens, firstTokenMs: firstToken - start, furtherTokensMs };
}

function toInputs(
  { words, width }: GenerationRequest,
  { inputs, tokens }: { inputs: Tensors; tokens: readonly number[] },
  isPadded: boolean,
): Tensors {
  const ids = new Int32Array(isPadded ? width : tokens.length);
  ids.set(tokens);
  return withWords(inputs, words, { ids, lengths: Int32Array.of(tokens.length), width: ids.length });
}
