import { expect, test } from 'vitest';
import type { Samples } from '../../core/samples.ts';
import type { Infer } from '../../tasks/batches.ts';
import { predict } from '../../tasks/task.ts';
import { floats, numbers } from './model-outputs.ts';
import { streamOf } from './sample-stream.ts';

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
  const predictions = await predict({
    infer,
    samples: streamOf(numbers),
    batchSize: 2,
    task: { kind: 'regression' },
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
  const request = { infer, samples: streamOf(one), batchSize: 1, task: { kind: 'regression' } } as const;
  expect(await predict(request)).toMatchObject({ clusters, weights });
  const plain = await predict({ ...request, samples: streamOf(numbers) });
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
  const request = { infer, samples: streamOf(two), batchSize: 2, task: { kind: 'regression' } } as const;
  expect(await predict(request)).toMatchObject({
    ...{ outputs: 2, names: ['a', 'b'], expected: values, predicted: values },
  });
  const transposed: Infer = () => Promise.resolve(floats([1, 4], [1, 2, 3, 4]));
  await expect(predict({ ...request, infer: transposed })).rejects.toThrow(
    'the output "y" (float32 [1, 4]) does not fit, with 1 row for 2 samples; accepted: float [batch, 2] for a, b',
  );
});

test('a regression of two outputs a sample is refused with its shape', async () => {
  const infer: Infer = () => Promise.resolve(floats([3, 2], [1, 2, 3, 4, 5, 6]));
  const request = { infer, samples: streamOf(numbers), batchSize: 3, task: { kind: 'regression' } } as const;
  await expect(predict(request)).rejects.toThrow('[3, 2]');
});

test('a regression refuses references of another kind', async () => {
  const infer: Infer = () => Promise.resolve(floats([3], [1, 2, 3]));
  const references = { kind: 'classes', labels: ['a'], values: ['a'], indices: new Int32Array(3) } as const;
  const samples = streamOf({ ...numbers, references });
  await expect(predict({ task: { kind: 'regression' }, infer, samples, batchSize: 3 })).rejects.toThrow(
    'regression needs numbers as references; found classes',
  );
});
