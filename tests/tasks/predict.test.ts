import { expect, test } from 'vitest';
import type { Samples } from '../../core/samples.ts';
import type { Tensors } from '../../core/tensor.ts';
import type { Infer } from '../../tasks/batches.ts';
import type { ClassificationPredictions, GenerationPredictions } from '../../tasks/predictions.ts';
import { predict } from '../../tasks/task.ts';
import { streamOf } from './sample-stream.ts';

function floats(shape: number[], values: number[]): Tensors {
  return { y: { type: 'float32', shape, data: Float32Array.from(values) } };
}

const numbers: Samples = {
  ids: ['a', 'b', 'c'],
  inputs: { x: { type: 'float32', shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) } },
  references: { kind: 'values', unit: 'm', names: ['length'], values: Float64Array.of(1, 2, 3) },
};

const labelled: Samples = {
  ...numbers,
  references: { kind: 'classes', labels: ['no', 'yes'], indices: Int32Array.of(0, 1, 1) },
};

test('batches cover every sample once and in order, the last one short', async () => {
  const seen: number[][] = [];
  const infer: Infer = ({ x }) => {
    const data = x?.data as Float32Array;
    seen.push([...data]);
    return Promise.resolve(
      floats(
        [data.length / 2, 1],
        [...data].filter((_, index) => index % 2 === 0),
      ),
    );
  };
  const predictions = await predict('regression', {
    infer,
    samples: streamOf(numbers),
    batchSize: 2,
    scores: 'probabilities',
  });
  expect(seen).toEqual([
    [1, 2, 3, 4],
    [5, 6],
  ]);
  expect(predictions).toMatchObject({ kind: 'regression', unit: 'm', predicted: Float64Array.of(1, 3, 5) });
});

test('predictions know the clusters and the weights of their samples', async () => {
  const clusters = { by: 'patient', names: ['p', 'q', 'p'] };
  const weights = Float64Array.of(1, 0, 2.5);
  const infer: Infer = ({ x }) => Promise.resolve(floats([x?.shape[0] ?? 0], [...(x?.shape ?? [])].slice(1)));
  const one = { ...numbers, clusters, weights };
  const request = { infer, samples: streamOf(one), batchSize: 1, scores: 'probabilities' } as const;
  expect(await predict('regression', request)).toMatchObject({ clusters, weights });
  const plain = await predict('regression', { ...request, samples: streamOf(numbers) });
  expect(Object.keys(plain).sort()).toEqual([
    'expected',
    'ids',
    'kind',
    'names',
    'outputs',
    'predicted',
    'unit',
  ]);
});

test('a regression of several numbers a sample keeps them in rows, named', async () => {
  const values = Float64Array.of(1, 2, 3, 4, 5, 6);
  const two: Samples = { ...numbers, references: { kind: 'values', unit: 'm', names: ['a', 'b'], values } };
  const infer: Infer = ({ x }) =>
    Promise.resolve(floats([...(x?.shape ?? [])], [...(x?.data as Float32Array)]));
  const request = { infer, samples: streamOf(two), batchSize: 2, scores: 'probabilities' } as const;
  expect(await predict('regression', request)).toMatchObject({
    ...{ outputs: 2, names: ['a', 'b'], expected: values, predicted: values },
  });
  const transposed: Infer = () => Promise.resolve(floats([1, 4], [1, 2, 3, 4]));
  await expect(predict('regression', { ...request, infer: transposed })).rejects.toThrow(
    'the output has shape [1, 4]; [batch, 2] is accepted, for: a, b',
  );
});

test('a regression of two outputs a sample is refused with its shape', async () => {
  const infer: Infer = () => Promise.resolve(floats([3, 2], [1, 2, 3, 4, 5, 6]));
  const request = { infer, samples: streamOf(numbers), batchSize: 3, scores: 'probabilities' } as const;
  await expect(predict('regression', request)).rejects.toThrow('[3, 2]');
});

test('logits become the softmax, and the predicted class is the first of the highest', async () => {
  const infer: Infer = () => Promise.resolve(floats([3, 2], [0, Math.log(3), 5, 5, 800, -800]));
  const request = { infer, samples: streamOf(labelled), batchSize: 3, scores: 'logits' } as const;
  const { probabilities, predicted } = (await predict(
    'classification',
    request,
  )) as ClassificationPredictions;
  expect(predicted).toEqual(Int32Array.of(1, 0, 0));
  for (const [index, expected] of [0.25, 0.75, 0.5, 0.5, 1, 0].entries())
    expect(probabilities[index]).toBeCloseTo(expected, 6);
});

test('logits that pass for probabilities are refused with what to change', async () => {
  const infer: Infer = () => Promise.resolve(floats([3, 2], [0, 2, 1, 1, 3, 3]));
  const request = { infer, samples: streamOf(labelled), batchSize: 3, scores: 'probabilities' } as const;
  const refused = predict('classification', request);
  await expect(refused).rejects.toThrow('the scores of sample "a" sum to 2, not 1');
  await expect(refused).rejects.toThrow('"scores": "logits"');
});

test.each([
  ['probabilities', NaN, [0.5, 0.5, NaN, 0.5, 0, 1]],
  ['probabilities', Infinity, [0.5, 0.5, Infinity, 0, 0, 1]],
  ['logits', NaN, [1, 2, 3, NaN, 5, 6]],
  ['logits', Infinity, [1, 2, Infinity, 4, 5, 6]],
  ['logits', -Infinity, [1, 2, -Infinity, -Infinity, 5, 6]],
] as const)('%s of %f are refused as what the model gave, with the sample', async (scores, odd, values) => {
  const infer: Infer = () => Promise.resolve(floats([3, 2], [...values]));
  const request = { infer, samples: streamOf(labelled), batchSize: 3, scores };
  await expect(predict('classification', request)).rejects.toThrow(
    `the model gives sample "b" a score of ${odd}; finite numbers are accepted`,
  );
});

test('a logit of minus infinity is a probability of 0', async () => {
  const infer: Infer = () => Promise.resolve(floats([3, 2], [1, -Infinity, 1, 1, 1, 1]));
  const request = { infer, samples: streamOf(labelled), batchSize: 3, scores: 'logits' } as const;
  const { probabilities } = (await predict('classification', request)) as ClassificationPredictions;
  expect([...probabilities.subarray(0, 2)]).toEqual([1, 0]);
});

test('a model that puts out another number of rows than it was given is refused', async () => {
  const infer: Infer = () => Promise.resolve(floats([2, 2], [1, 0, 0, 1]));
  const request = { infer, samples: streamOf(labelled), batchSize: 3, scores: 'probabilities' } as const;
  await expect(predict('classification', request)).rejects.toThrow('the output has shape [2, 2]');
});

test('a model with another number of classes is refused', async () => {
  const infer: Infer = () => Promise.resolve(floats([3, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1]));
  const request = { infer, samples: streamOf(labelled), batchSize: 3, scores: 'probabilities' } as const;
  await expect(predict('classification', request)).rejects.toThrow('[batch, 2]');
});

/** Sentences over 0 pad, 1 start, 2 left, 3 right; a model that always expects the token after the last one, cyclically. */
const sentences: Samples = {
  ids: ['s', 't'],
  inputs: {
    input_ids: { type: 'int64', shape: [2, 4], data: BigInt64Array.of(1n, 2n, 3n, 1n, 1n, 2n, 2n, 0n) },
  },
  references: {
    kind: 'tokens',
    vocabulary: ['_', 'start', 'left', 'right'],
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

test('likelihood is summed over every token after the first, padding left out', async () => {
  const request = {
    infer: cyclic,
    samples: streamOf(sentences),
    batchSize: 2,
    scores: 'probabilities',
  } as const;
  const { negativeLogLikelihood, tokens } = (await predict('generation', request)) as GenerationPredictions;
  const right = Math.log(1 + 3 * Math.exp(-confidence));
  expect(tokens).toEqual(Int32Array.of(3, 2));
  expect(negativeLogLikelihood[0]).toBeCloseTo(3 * right, 6);
  expect(negativeLogLikelihood[1]).toBeCloseTo(2 * right + confidence, 6);
});

test('generation continues the prompt greedily to the length of the reference, whatever the batch size', async () => {
  for (const batchSize of [1, 2]) {
    const request = {
      infer: cyclic,
      samples: streamOf(sentences),
      batchSize,
      scores: 'probabilities',
    } as const;
    const { generated, references } = (await predict('generation', request)) as GenerationPredictions;
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
  const request = { infer, samples: streamOf(sentences), batchSize: 2, scores: 'probabilities' } as const;
  await expect(predict('generation', request)).rejects.toThrow(
    /^the highest logit after token \d of sample "t" is NaN; a finite number is accepted$/,
  );
});

test('the model never sees what it is to generate', async () => {
  const seen: string[] = [];
  const spying: Infer = (inputs) => {
    seen.push(Array.from(inputs.input_ids?.data as BigInt64Array, Number).join(' '));
    return cyclic(inputs);
  };
  await predict('generation', {
    infer: spying,
    samples: streamOf(sentences),
    batchSize: 2,
    scores: 'probabilities',
  });
  expect(seen[1]).toBe('1 0 0 0 1 2 0 0');
});

test('a task refuses references of another kind', async () => {
  const request = {
    infer: cyclic,
    samples: streamOf(numbers),
    batchSize: 2,
    scores: 'probabilities',
  } as const;
  await expect(predict('classification', request)).rejects.toThrow(
    'classification needs labels as references; found values',
  );
  await expect(predict('generation', request)).rejects.toThrow('generation needs token ids');
});
