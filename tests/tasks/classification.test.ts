import { expect, test } from 'vitest';
import type { Samples } from '../../core/samples.ts';
import type { Tensor, Tensors } from '../../core/tensor.ts';
import type { Infer, PredictRequest } from '../../tasks/batches.ts';
import { checkScores } from '../../tasks/check-scores.ts';
import { readLabels, type LabelTensor } from '../../tasks/predicted-labels.ts';
import type { ClassificationPredictions } from '../../tasks/predictions.ts';
import { orderClasses, type ClassReferences } from '../../tasks/class-order.ts';
import { predict } from '../../tasks/task.ts';
import { floats, numbers } from './model-outputs.ts';
import { streamOf } from './sample-stream.ts';

const labelled: Samples = {
  ...numbers,
  references: { kind: 'classes', labels: ['no', 'yes'], values: ['0', '1'], indices: Int32Array.of(0, 1, 1) },
};

type Task = PredictRequest<'classification'>['task'];

const classification = (scores: Task['scores'], more: Partial<Task> = {}): Task => ({
  kind: 'classification',
  scores,
  ...more,
});

test('logits become the softmax, and the predicted class is the first of the highest', async () => {
  const infer: Infer = () => Promise.resolve(floats([3, 2], [0, Math.log(3), 5, 5, 800, -800]));
  const request = {
    infer,
    samples: streamOf(labelled),
    batchSize: 3,
    task: classification('logits'),
  } as const;
  const { probabilities, predicted } = (await predict(request)) as ClassificationPredictions;
  expect(predicted).toEqual(Int32Array.of(1, 0, 0));
  for (const [index, expected] of [0.25, 0.75, 0.5, 0.5, 1, 0].entries())
    expect(probabilities?.[index]).toBeCloseTo(expected, 6);
});

test('probabilities stay as the model gives them, whatever they sum to', async () => {
  const given = [0.25, 0.5, 1, 1, 0, 0];
  const { probabilities: kept, predicted } = await classified(floats([3, 2], given));
  expect(kept).toEqual(Float64Array.from(given));
  expect(predicted).toEqual(Int32Array.of(1, 0, 0));
});

test('what rounding puts outside 0 to 1 is 0 or 1', async () => {
  const { probabilities: kept } = await classified(floats([3, 2], [1 + 1.2e-7, -1e-8, 0, 1, 0.5, 0.5]));
  expect(kept).toEqual(Float64Array.of(1, 0, 0, 1, 0.5, 0.5));
});

test.each([
  ['logits', [0, 2, 1, 1, 3, 3], 2, 'samples "a", "c"'],
  ['numbers that sum to 1', [1.25, -0.25, 0, 1, 0.5, 0.5], 1.25, 'sample "a"'],
])('%s that pass for probabilities are refused with what to change', async (...[, given, odd, named]) => {
  await expect(classified(floats([3, 2], given))).rejects.toThrow(
    `the model gives a probability of ${odd}; 0 to 1 is accepted, or set "scores": "logits" in the suite's task; not so for ${named}`,
  );
});

test('scores that are no probabilities are told from others by their code', async () => {
  const odd = classified(floats([3, 2], [0, 2, 1, 1, 3, 3]));
  await expect(odd).rejects.toMatchObject({ code: 'scores-invalid' });
  const none = classified(floats([3, 2], [0.5, 0.5, NaN, 0.5, 0, 1]));
  await expect(none).rejects.not.toHaveProperty('code');
});

test.each([
  ['probabilities', NaN, [0.5, 0.5, NaN, 0.5, 0, 1]],
  ['probabilities', Infinity, [0.5, 0.5, Infinity, 0, 0, 1]],
  ['logits', NaN, [1, 2, 3, NaN, 5, 6]],
  ['logits', Infinity, [1, 2, Infinity, 4, 5, 6]],
  ['logits', -Infinity, [1, 2, -Infinity, -Infinity, 5, 6]],
] as const)('%s of %f are refused as what the model gave, with the sample', async (scores, odd, values) => {
  await expect(classified(floats([3, 2], [...values]), { scores })).rejects.toThrow(
    `the model gives a score of ${odd}; finite numbers are accepted; not so for sample "b"`,
  );
});

test('a logit of minus infinity is a probability of 0', async () => {
  const infer: Infer = () => Promise.resolve(floats([3, 2], [1, -Infinity, 1, 1, 1, 1]));
  const request = {
    infer,
    samples: streamOf(labelled),
    batchSize: 3,
    task: classification('logits'),
  } as const;
  const { probabilities } = (await predict(request)) as ClassificationPredictions;
  expect([...(probabilities?.subarray(0, 2) ?? [])]).toEqual([1, 0]);
});

test('a model that puts out another number of rows than it was given is refused with both', async () => {
  const infer: Infer = () => Promise.resolve(floats([2, 2], [1, 0, 0, 1]));
  const request = {
    infer,
    samples: streamOf(labelled),
    batchSize: 3,
    task: classification('probabilities'),
  } as const;
  await expect(predict(request)).rejects.toThrow(
    'the output "y" (float32 [2, 2]) does not fit, with 2 rows for 3 samples; accepted: float [batch, 2]',
  );
});

test('a model with another number of classes is refused', async () => {
  const infer: Infer = () => Promise.resolve(floats([3, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1]));
  const request = {
    infer,
    samples: streamOf(labelled),
    batchSize: 3,
    task: classification('probabilities'),
  } as const;
  await expect(predict(request)).rejects.toThrow('[batch, 2]');
});

/** Runs the three samples through a model that puts out these tensors. */
async function classified(
  outputs: Tensors,
  more: Partial<Task> = {},
  references = labelled.references,
): Promise<ClassificationPredictions> {
  const samples = streamOf({ ...labelled, references });
  const request = { infer: () => Promise.resolve(outputs), samples, batchSize: 3 };
  const task = classification(more.scores ?? 'probabilities', more);
  const predictions = await predict({ ...request, task });
  checkScores(predictions, task);
  return predictions as ClassificationPredictions;
}

const likely = Float32Array.of(0.25, 0.75, 0.5, 0.5, 1, 0);
const probabilities: Tensor = { type: 'float32', shape: [3, 2], data: likely };
const label: Tensor = { type: 'int64', shape: [3], data: BigInt64Array.of(1n, 0n, 0n) };

test('of a classifier with labels and probabilities the probabilities are read', async () => {
  const predictions = await classified({ label, probabilities });
  expect(predictions.probabilities).toEqual(Float64Array.from(likely));
  expect(predictions.predicted).toEqual(Int32Array.of(1, 0, 0));
});

test('the output that the suite names is read', async () => {
  const predictions = await classified({ label, probabilities }, { output: 'label' });
  expect(predictions).toMatchObject({ probabilities: null, predicted: Int32Array.of(1, 0, 0) });
  const two = { first: probabilities, second: { ...probabilities, data: Float32Array.of(0, 1, 0, 1, 0, 1) } };
  expect((await classified(two, { output: 'second' })).predicted).toEqual(Int32Array.of(1, 1, 1));
  await expect(classified(two)).rejects.toThrow(
    'several outputs fit: "first" (float32 [3, 2]), "second" (float32 [3, 2]); name one as "output" in the suite\'s task',
  );
  await expect(classified(two, { output: 'third' })).rejects.toThrow(
    'the model has no output "third"; it has: "first" (float32 [3, 2]), "second" (float32 [3, 2])',
  );
});

test('outputs that fit no way are listed with what is accepted', async () => {
  await expect(
    classified({ a: { ...label, shape: [1, 3] }, b: { ...probabilities, shape: [6] } }),
  ).rejects.toThrow(
    'no output fits: "a" (int64 [1, 3]), "b" (float32 [6]); accepted: float [batch, 2] or [batch] for no, yes, or labels as integer or string [batch]',
  );
});

test('float64 probabilities keep all their digits', async () => {
  const data = Float64Array.of(0.1, 0.9, 1 / 3, 2 / 3, 1, 0);
  const predictions = await classified({ y: { type: 'float64', shape: [3, 2], data } });
  expect(predictions.probabilities).toEqual(data);
});

test.each([[[3]], [[3, 1]]])(
  'a single probability of shape %j is that of the last of two labels',
  async (shape) => {
    const single: Tensor = { type: 'float32', shape, data: Float32Array.of(0.75, 0.5, 0) };
    const predictions = await classified({ y: single });
    expect(predictions.probabilities).toEqual(Float64Array.of(0.25, 0.75, 0.5, 0.5, 1, 0));
    expect(predictions.predicted).toEqual(Int32Array.of(1, 0, 0));
  },
);

test('a single logit is that of the last of two labels', async () => {
  const single: Tensor = { type: 'float32', shape: [3, 1], data: Float32Array.of(0, 800, -2) };
  const { probabilities: found, predicted } = await classified({ y: single }, { scores: 'logits' });
  expect(predicted).toEqual(Int32Array.of(0, 1, 0));
  const sigmoid = 1 / (1 + Math.exp(2));
  for (const [index, expected] of [0.5, 0.5, 0, 1, 1 - sigmoid, sigmoid].entries())
    expect(found?.[index]).toBeCloseTo(expected, 12);
});

test('a single score that is no probability is refused with its sample', async () => {
  const single: Tensor = { type: 'float32', shape: [3, 1], data: Float32Array.of(0, 1.5, -2) };
  await expect(classified({ y: single })).rejects.toThrow(
    'the model gives a probability of 1.5; 0 to 1 is accepted, or set "scores": "logits" in the suite\'s task; not so for samples "b", "c"',
  );
});

test('labels alone are predictions without probabilities, by place or as the data write them', async () => {
  const textual: Tensor = { type: 'string', shape: [3], data: ['yes', '0', 'no'] };
  expect(await classified({ label })).toMatchObject({
    probabilities: null,
    predicted: Int32Array.of(1, 0, 0),
  });
  expect((await classified({ y: textual })).predicted).toEqual(Int32Array.of(1, 0, 0));
  // Declared, the integers are places in that order.
  expect((await classified({ label }, { labels: ['yes', 'no'] })).predicted).toEqual(Int32Array.of(0, 1, 1));
});

test('labels that the data do not know are refused with their sample and what is accepted', async () => {
  const textual: Tensor = { type: 'string', shape: [3], data: ['yes', 'maybe', 'no'] };
  await expect(classified({ y: textual })).rejects.toThrow(
    'the model predicts class "maybe"; accepted are: 0, 1, no, yes; not so, in a batch, for sample "b"',
  );
  const beyond: Tensor = { ...label, data: BigInt64Array.of(1n, 2n, 0n) };
  await expect(classified({ y: beyond })).rejects.toThrow('class "2"; accepted are: 0, 1');
  await expect(classified({ y: beyond }, { labels: ['no', 'yes'] })).rejects.toThrow(
    'class "2"; accepted are: 0 to 1; not so, in a batch, for sample "b"',
  );
});

test('declared labels say the order of the columns, and may hold classes that the data lack', async () => {
  const swapped = await classified({ probabilities }, { labels: ['yes', '0'] });
  expect(swapped).toMatchObject({ labels: ['no', 'yes'], predicted: Int32Array.of(0, 0, 1) });
  expect(swapped.probabilities).toEqual(Float64Array.of(0.75, 0.25, 0.5, 0.5, 0, 1));
  const three: Tensor = {
    type: 'float64',
    shape: [3, 3],
    data: Float64Array.of(0.5, 0.25, 0.25, 0, 1, 0, 0.25, 0.25, 0.5),
  };
  const wider = await classified({ y: three }, { labels: ['other', 'yes', 'no'] });
  expect(wider).toMatchObject({ labels: ['no', 'yes', 'other'], predicted: Int32Array.of(2, 1, 0) });
  expect(wider.probabilities).toEqual(Float64Array.of(0.25, 0.25, 0.5, 0, 1, 0, 0.5, 0.25, 0.25));
});

test('declared integers are classes as they are written: so are integers that the model predicts', async () => {
  const numbered = await classified({ label }, { labels: ['1', '0'] });
  expect(numbered.predicted).toEqual(Int32Array.of(1, 0, 0));
});

test('classes that are but counted are those of the data in their order, where the data have no such', () => {
  const data = { ...labelled.references, values: ['n', 'y'] };
  const { columns, labels, byPlace } = orderClasses(data as ClassReferences, ['0', '1']);
  expect({ columns, labels, byPlace }).toEqual({
    columns: Int32Array.of(0, 1),
    labels: ['no', 'yes'],
    byPlace: true,
  });
  expect(orderClasses(data as ClassReferences, ['1', '0']).labels).toEqual(['no', 'yes', '1', '0']);
});

test.each([
  { values: ['True', 'False'], declared: ['0', '1'], columns: [1, 0] },
  { values: ['1.0', '0.0'], declared: ['0', '1'], columns: [1, 0] },
  { values: ['3.0', '1.0', '2.0'], declared: ['1', '2', '3'], columns: [1, 2, 0] },
  { values: ['1', '0'], declared: ['False', 'True'], columns: [1, 0] },
])(
  'declared classes $declared are those of $values that are the same numbers',
  ({ values, declared, columns }) => {
    const data = { ...labelled.references, values, labels: values } as ClassReferences;
    const order = orderClasses(data, declared);
    expect([...order.columns]).toEqual(columns);
    expect(order.labels).toEqual(values);
  },
);

test.each([
  ['True', 'False'],
  ['1.0', '0.0'],
])('integers that a model predicts are the classes %s and %s by their numbers', async (...values) => {
  const references = { ...labelled.references, values, labels: values } as ClassReferences;
  const { predicted } = await classified({ label }, {}, references);
  expect(Array.from(predicted, (index) => values[index])).toEqual(
    Array.from(label.data, (one) => values[one === 1n ? 0 : 1]),
  );
});

test('integers are classes by their numbers, too, where the model lists these as they are written', () => {
  const data = { ...labelled.references, values: ['1', '2'], labels: ['one', 'two'] } as ClassReferences;
  const order = orderClasses(data, ['2.0', '1.0', '3.0']);
  const predicted: LabelTensor = { type: 'int64', shape: [3], data: BigInt64Array.of(1n, 2n, 3n) };
  expect(
    [...readLabels(predicted, Int32Array.of(0, 1, 2), order)].map((index) => order.labels[index]),
  ).toEqual(['one', 'two', '3.0']);
});

test('classes of which two are the same number are what they are written as', () => {
  const data = { ...labelled.references, values: ['1', '1.0'], labels: ['1', '1.0'] } as ClassReferences;
  expect([...orderClasses(data, ['1.0', '1']).columns]).toEqual([1, 0]);
});

test('samples of a class that the model does not know are refused by their ids', async () => {
  await expect(classified({ probabilities }, { labels: ['no', 'other'] })).rejects.toThrow(
    'the model does not know the class "yes"; its classes are: no, other; not so, in a batch, for samples "b", "c"',
  );
});
