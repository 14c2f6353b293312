import { expect, test } from 'vitest';
import { AssayError } from '../../../core/errors.ts';
import { predictBaseline, scoresAdvice, type Bench } from '../../../runners/optimize/predict-variant.ts';
import type { Host } from '../../../runners/pool/supervise.ts';
import { parseTarget } from '../../../suites/target.ts';
import { makeVariant } from '../../fakes/stored-runs.ts';

const task = { kind: 'classification', scores: 'probabilities' } as const;

test('whoever said that scores are probabilities is told where to say that they are logits', () => {
  expect(scoresAdvice({ task, scoresBy: 'nobody' })).toEqual(['say by --scores logits what the model gives']);
  expect(scoresAdvice({ task, scoresBy: 'user' })).toEqual([
    'give --scores logits rather than probabilities, if that is what the model gives',
  ]);
  expect(scoresAdvice({ task, scoresBy: 'suite' })).toEqual([
    'let the suite say "scores": "logits" of its task, if that is what the model gives',
  ]);
});

test('nothing is said of scores that are logits already, or where there are none', () => {
  for (const scoresBy of ['suite', 'user', 'nobody'] as const) {
    expect(scoresAdvice({ task: { kind: 'classification', scores: 'logits' }, scoresBy })).toEqual([]);
    expect(scoresAdvice({ task: { kind: 'regression' }, scoresBy })).toEqual([]);
  }
});

test.for([
  ['scores-invalid', 'nothing-measured', true],
  ['model-invalid', 'model-invalid', false],
] as const)(
  'of a baseline that is refused with %s, logits are advised where scores are at fault alone',
  async ([code, thrown, isAdvised]) => {
    const error = new AssayError(code, 'the model gives a probability of 3');
    const variant = makeVariant();
    const host = {
      run: ({ kind }: { kind: string }) =>
        Promise.resolve(
          kind === 'build'
            ? { status: 'done', result: { status: 'built', path: 'model.onnx', variant } }
            : { status: 'refused', error },
        ),
    } as unknown as Host;
    const data = { dataset: 'digits', task, scoresBy: 'nobody' } as unknown as Bench['data'];
    const model = { path: 'model.onnx', sha256: 'a' };
    const target = parseTarget('onnxruntime/cpu');
    const found = predictBaseline({ model, format: 'onnx', data, target, folder: 'cache', host });
    const hint = `name other data by --dataset or --suite${isAdvised ? ', or say by --scores logits what the model gives' : ''}`;
    await expect(found).rejects.toMatchObject({ code: thrown, hint });
  },
);
