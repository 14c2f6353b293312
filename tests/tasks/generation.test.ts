import { expect, test } from 'vitest';
import type { Samples } from '../../core/samples.ts';
import type { Infer } from '../../tasks/batches.ts';
import type { GenerationPredictions } from '../../tasks/predictions.ts';
import { predict } from '../../tasks/task.ts';
import { floats, numbers } from './model-outputs.ts';
import { streamOf } from './sample-stream.ts';

/** Sentences over 0 pad, 1 start, 2 left, 3 right; a model that always expects the token after the last one, cyclically. */
const sentences: Samples = {
  ids: ['s', 't'],
  inputs: {
    input_ids: { type: 'int64', shape: [2, 4], data: BigInt64Array.of(1n, 2n, 3n, 1n, 1n, 2n, 2n, 0n) },
  },
  references: {
    kind: 'tokens',
    vocabulary: ['_', 'start', 'left', 'right'],
    ...{ join: ' ', end: null, words: { input_ids: 'tokens' } },
    ids: Int32Array.of(1, 2, 3, 1, 1, 2, 2, 0),
    lengths: Int32Array.of(4, 3),
    promptLengths: Int32Array.of(1, 2),
    floorNegativeLogLikelihood: null,
  },
};

const confidence = 5;
const next = [0, 2, 3, 1];
const cyclic: Infer = ({ input_ids: ids }) => {
  const tokens = Array.from(ids?.data as BigInt64Array, Number);
  const logits = tokens.flatMap((token) =>
    next.map((_, candidate) => (candidate === next[token] ? confidence : 0)),
  );
  return Promise.resolve(floats([...(ids?.shape ?? []), 4], logits));
};

test('logits of fewer rows than there are samples are told as such', async () => {
  const infer: Infer = () => Promise.resolve(floats([1, 4, 4], new Array<number>(16).fill(0)));
  const request = {
    infer,
    samples: streamOf(sentences),
    batchSize: 2,
    task: { kind: 'generation' },
  } as const;
  await expect(predict(request)).rejects.toThrow(
    '(float32 [1, 4, 4]) does not fit, with 1 row for 2 samples; accepted: float [batch, length, vocabulary]',
  );
});

test('likelihood is summed over every token after the first, padding left out', async () => {
  const request = {
    infer: cyclic,
    samples: streamOf(sentences),
    batchSize: 2,
    task: { kind: 'generation' },
  } as const;
  const { negativeLogLikelihood, tokens } = (await predict(request)) as GenerationPredictions;
  const right = Math.log(1 + 3 * Math.exp(-confidence));
  expect(tokens).toEqual(Int32Array.of(3, 2));
  expect(negativeLogLikelihood[0]).toBeCloseTo(3 * right, 6);
  expect(negativeLogLikelihood[1]).toBeCloseTo(2 * right + confidence, 6);
});

const nextTokens = async (batchSize: number) => {
  const request = { infer: cyclic, samples: streamOf(sentences), task: { kind: 'generation' } } as const;
  return ((await predict({ ...request, batchSize })) as GenerationPredictions).nextTokens;
};

test('what is expected after each token is kept, whatever the batch size', async () => {
  const found = await nextTokens(2);
  const right = -Math.log(1 + 3 * Math.exp(-confidence));
  // Three positions of the first sample and two of the second, by the token that they follow.
  const after = (token: number) =>
    next.map((_, other) => expect.closeTo(other === next[token] ? right : right - confidence, 6) as number);
  const told = found?.samples.map((sample) => ({
    positions: [...(sample?.positions ?? [])],
    logProbabilities: [...(sample?.logProbabilities ?? [])],
  }));
  expect(found?.vocabulary).toBe(4);
  expect(told).toEqual([
    { positions: [0, 1, 2], logProbabilities: [1, 2, 3].flatMap(after) },
    { positions: [0, 1], logProbabilities: [1, 2].flatMap(after) },
  ]);
  expect(await nextTokens(1)).toEqual(found);
});

test('generation continues the prompt greedily to the length of the reference, whatever the batch size', async () => {
  for (const batchSize of [1, 2]) {
    const request = {
      infer: cyclic,
      samples: streamOf(sentences),
      batchSize,
      task: { kind: 'generation' },
    } as const;
    const { generated, references } = (await predict(request)) as GenerationPredictions;
    expect(generated).toEqual(['left right start', 'right']);
    expect(references).toEqual(['left right start', 'left']);
  }
});

test.each([1, 2])('logits that are not numbers are refused with their sample, on pass %i', async (broken) => {
  let passes = 0;
  const infer: Infer = async (inputs) => {
    const { y } = await cyclic(inputs);
    passes++;
    // The second row, which is sample t.
    if (passes === broken) (y?.data as Float32Array).fill(NaN, 16);
    return y === undefined ? {} : { y };
  };
  const request = {
    infer,
    samples: streamOf(sentences),
    batchSize: 2,
    task: { kind: 'generation' },
  } as const;
  await expect(predict(request)).rejects.toThrow(
    /^the highest logit after token \d of sample "t" is NaN; a finite number is accepted$/,
  );
});

test('the model never sees what it is to generate', async () => {
  const seen: string[] = [];
  const spying: Infer = (inputs) => {
    seen.push(Array.from(inputs.input_ids?.data as BigInt64Array, Number).join(' '));
    return cyclic(inputs);
  };
  await predict({
    infer: spying,
    samples: streamOf(sentences),
    batchSize: 2,
    task: { kind: 'generation' },
  });
  expect(seen[1]).toBe('1 0 0 0 1 2 0 0');
});

test('generation refuses references of another kind', async () => {
  const request = {
    infer: cyclic,
    samples: streamOf(numbers),
    batchSize: 2,
    task: { kind: 'generation' },
  } as const;
  await expect(predict(request)).rejects.toThrow('generation needs token ids as references; found values');
});

/** The same sentences, where a text ends at "right" and its words follow each other without a space. */
const ending: Samples = {
  ...sentences,
  references: { ...sentences.references, ...{ join: '', end: 3 } },
};

test('generation goes on to the token that ends a text, whatever the length of the reference', async () => {
  for (const batchSize of [1, 2]) {
    const request = {
      infer: cyclic,
      samples: streamOf(ending),
      batchSize,
      task: { kind: 'generation' },
    } as const;
    const { generated, references } = (await predict(request)) as GenerationPredictions;
    expect(generated).toEqual(['left', '']);
    expect(references).toEqual(['left', 'left']);
  }
});

test('generation that never ends stops where the row does', async () => {
  const never = { ...ending, references: { ...ending.references, end: 0 } as Samples['references'] };
  const request = {
    infer: cyclic,
    samples: streamOf(never),
    batchSize: 2,
    task: { kind: 'generation' },
  } as const;
  const { generated } = (await predict(request)) as GenerationPredictions;
  expect(generated).toEqual(['leftrightstart', 'rightstart']);
});

test('bytes are those that the tokens after the first add to the text, which its end is no part of', async () => {
  const bytes = async (samples: Samples) => {
    const request = {
      infer: cyclic,
      samples: streamOf(samples),
      batchSize: 2,
      task: { kind: 'generation' },
    } as const;
    return ((await predict(request)) as GenerationPredictions).utf8Bytes;
  };
  expect(await bytes(sentences)).toEqual(Int32Array.of(' left right start'.length, ' left left'.length));
  expect(await bytes(ending)).toEqual(Int32Array.of('left'.length, 'leftleft'.length));
  const vocabulary = ['_', '猫', 'é', '🙂'];
  const wide = { ...sentences, references: { ...sentences.references, vocabulary } as Samples['references'] };
  expect(await bytes(wide)).toEqual(Int32Array.from([' é 🙂 猫', ' é é'], (text) => Buffer.byteLength(text)));
});

test('further texts are references, too', async () => {
  const otherTexts = [['left', 'right'], []];
  const several = {
    ...sentences,
    references: { ...sentences.references, otherTexts } as Samples['references'],
  };
  const request = {
    infer: cyclic,
    samples: streamOf(several),
    batchSize: 1,
    task: { kind: 'generation' },
  } as const;
  expect(await predict(request)).toMatchObject({ otherReferences: otherTexts });
});
