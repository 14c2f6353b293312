import { expect, test } from 'vitest';
import type { Tensors } from '../../../core/tensor.ts';
import { generateSequences, type Generator } from '../../../runners/footprint/generate.ts';
import { generationMetrics } from '../../../runners/footprint/generation-metrics.ts';
import type { FootprintProcess, GenerationRequest } from '../../../runners/footprint/request.ts';

const vocabulary = 7;

/** Says after each token its successor, takes 1 ms and 1 ms more for each token it is given, and notes what it was given. */
function createCounter(isPadded = false): { generator: Generator; given: number[][] } {
  let nowMs = 0;
  const given: number[][] = [];
  const infer = (inputs: Tensors): Promise<Tensors> => {
    const ids = Array.from(inputs.input_ids?.data as BigInt64Array, Number);
    given.push(ids);
    nowMs += 1 + ids.length;
    const data = Float32Array.from({ length: ids.length * vocabulary }, (_, index) =>
      index % vocabulary === ((ids[Math.floor(index / vocabulary)] ?? 0) + 1) % vocabulary ? 1 : 0,
    );
    return Promise.resolve({ logits: { type: 'float32', shape: [1, ids.length, vocabulary], data } });
  };
  const clock = { nowMs: () => nowMs, timestamp: () => '' };
  return { generator: { infer, isPadded, clock }, given };
}

const request: GenerationRequest = {
  words: { input_ids: 'tokens' },
  width: 8,
  canGoUnpadded: true,
  prompts: [{ ids: [1, 2], inputs: {}, newTokens: 3 }],
  budgetMs: 1000,
};

test('each new token is appended and the whole sequence runs again', async () => {
  const { generator, given } = createCounter();
  await generateSequences(request, generator);
  expect(given.slice(3)).toEqual([
    [1, 2],
    [1, 2, 3],
    [1, 2, 3, 4],
  ]);
});

test('a model of fixed length is given padding after the tokens', async () => {
  const { generator, given } = createCounter(true);
  await generateSequences(request, generator);
  expect(given.at(-1)).toEqual([1, 2, 3, 4, 0, 0, 0, 0]);
});

test('inputs that tell of the tokens follow them, and others stay', async () => {
  const seen: Tensors[] = [];
  const { generator } = createCounter(true);
  const infer = (inputs: Tensors): Promise<Tensors> => {
    seen.push(inputs);
    return generator.infer(inputs);
  };
  const source = { type: 'float32', shape: [1, 1], data: Float32Array.of(9) } as const;
  await generateSequences(
    {
      ...request,
      words: { input_ids: 'tokens', mask: 'mask' },
      prompts: [{ ids: [1, 2], inputs: { source }, newTokens: 3 }],
    },
    { ...generator, infer },
  );
  expect(Array.from(seen.at(-1)?.mask?.data ?? [], Number)).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
  expect(seen.at(-1)?.source).toBe(source);
});

test('the first token and the further ones are timed apart, a first prompt uncounted', async () => {
  const { generator } = createCounter();
  expect(await generateSequences(request, generator)).toEqual([
    { promptTokens: 2, newTokens: 3, firstTokenMs: 3, furtherTokensMs: 4 + 5 },
  ]);
});

test('no further prompt is begun once the budget is spent', async () => {
  const { generator } = createCounter();
  const prompts = Array.from({ length: 50 }, () => ({ ids: [1, 2], inputs: {}, newTokens: 3 }));
  expect(await generateSequences({ ...request, prompts, budgetMs: 30 }, generator)).toHaveLength(3);
});

test('metrics are medians over prompts with their unit, and tell how they came about', () => {
  const sequences = [
    { promptTokens: 2, newTokens: 5, firstTokenMs: 4, furtherTokensMs: 8 },
    { promptTokens: 3, newTokens: 5, firstTokenMs: 6, furtherTokensMs: 12 },
    { promptTokens: 3, newTokens: 1, firstTokenMs: 5, furtherTokensMs: 0 },
  ];
  const processes = [{ sequences } as unknown as FootprintProcess];
  const found = generationMetrics({ status: 'measured', processes }, 0.95);
  expect(found.map(({ id, value, unit }) => [id, value, unit])).toEqual([
    ['time-to-first-token', 5, 'ms'],
    ['time-per-output-token', 2.5, 'ms'],
    ['tokens-per-second', 5000 / 18, 'tokens/s'],
  ]);
  expect(found[0]).toMatchObject({
    interval: null,
    reason: 'An interval of a median takes more prompts than 3.',
  });
  expect(found[0]?.oracle).toBe(
    'greedy decoding without a key-value cache, 3 prompts, one process, 2 to 3 tokens continued by 1 to 5',
  );
});

test('a prompt counts once, by its median over processes, however many processes continued it', () => {
  const sequence = (firstTokenMs: number): object => ({
    promptTokens: 2,
    newTokens: 1,
    firstTokenMs,
    furtherTokensMs: 0,
  });
  const process = (...firstTokensMs: number[]): FootprintProcess =>
    ({ sequences: firstTokensMs.map(sequence) }) as unknown as FootprintProcess;
  const processes = [process(1, 5, 9), process(2, 6, 9), process(3, 50), process(2, 6)];
  const [firstToken] = generationMetrics({ status: 'measured', processes }, 0.5);
  // The prompts take 2, 6 and 9 ms.
  expect(firstToken?.value).toBe(6);
  expect(firstToken?.interval).toMatchObject({ low: 2, high: 9 });
  expect(firstToken?.oracle).toContain('3 prompts, medians over 4 processes');
});

test('a variant that could not run alone has no figures, and the reason', () => {
  const found = generationMetrics({ status: 'failed', reason: 'the process ended by signal SIGKILL' }, 0.95);
  expect(found.map(({ value, reason }) => [value, reason])).toEqual(
    Array.from({ length: 3 }, () => [null, 'the process ended by signal SIGKILL']),
  );
});
