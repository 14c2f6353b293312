import { expect, test } from 'vitest';
import type { References } from '../../core/samples.ts';
import type { TensorSpec, TensorType } from '../../core/tensor.ts';
import { declaredMisfit } from '../../tasks/declared-outputs.ts';
import type { TaskOptions } from '../../tasks/task-options.ts';

const labels = ['cat', 'dog', 'emu'];
const classes: References = { kind: 'classes', labels, values: labels, indices: Int32Array.of(0) };
const values: References = { kind: 'values', unit: '', names: ['a', 'b'], values: Float64Array.of(1, 2) };
const flags: References = { kind: 'labels', labels, values: labels, flags: Uint8Array.of(0, 0, 1) };

const classification: TaskOptions = { kind: 'classification', scores: 'probabilities' };
const multilabel: TaskOptions = { kind: 'multilabel', scores: 'probabilities', threshold: 0.5 };

function output(shape: TensorSpec['shape'], type: TensorType = 'float32', name = 'y'): TensorSpec {
  return { name, type, shape };
}

const accepted = 'accepted: float [batch, 3] for cat, dog, emu, or labels as integer or string [batch]';

test.for([
  [classification, classes, [null, 2], `the output "y" (float32 [batch, 2]) does not fit; ${accepted}`],
  [classification, classes, [1, 1], `the output "y" (float32 [batch, 1]) does not fit; ${accepted}`],
  [
    { kind: 'regression' },
    values,
    [null, 3],
    'the output "y" (float32 [batch, 3]) does not fit; accepted: float [batch, 2] for a, b',
  ],
  [
    multilabel,
    flags,
    [null, 2],
    'the output "y" (float32 [batch, 2]) does not fit; accepted: float [batch, 3], a score a label, or float [3, batch, 2], or integer or bool [batch, 3]',
  ],
] as const)('what cannot be read is told before it is run: %j', ([task, references, shape, told]) => {
  expect(declaredMisfit({ outputs: [output(shape)], task: { ...task }, references })).toBe(told);
});

test.for([
  ['scores of each class', [output([null, 3])]],
  ['a batch of the size it was exported for', [output([1, 3])]],
  ['labels alone', [output([null], 'int64')]],
  ['labels alone of one sample', [output([1], 'string')]],
  ['a width known at run time', [output([null, null])]],
  ['no declared shape', [output([])]],
  ['one of several', [output([null, 7], 'float32', 'features'), output([null, 3])]],
] as const)('a model may give %s', ([, outputs]) => {
  expect(declaredMisfit({ outputs, task: classification, references: classes })).toBeNull();
});

test('of several outputs the named one counts alone', () => {
  const outputs = [output([null, 7], 'float32', 'features'), output([null, 3])];
  const task = { ...classification, output: 'features' };
  expect(declaredMisfit({ outputs, task, references: classes })).toContain('"features" (float32 [batch, 7])');
});

test('of several outputs that fit alike one has to be named', () => {
  const outputs = [
    output([null, 3], 'float32', 'logits'),
    output([null, 3]),
    output([null], 'int64', 'label'),
  ];
  const asked = { outputs, references: classes };
  expect(declaredMisfit({ ...asked, task: classification })).toBe(
    'several outputs fit: "logits" (float32 [batch, 3]), "y" (float32 [batch, 3]); name one as "output" in the suite\'s task',
  );
  expect(declaredMisfit({ ...asked, task: { ...classification, output: 'logits' } })).toBeNull();
  const fixed = [output([1, 3], 'float32', 'logits'), output([null, 3])];
  expect(declaredMisfit({ ...asked, outputs: fixed, task: classification })).toBeNull();
});

test('classes that the model has and the data do not are columns too', () => {
  const task = { ...classification, labels: [...labels, 'fox'] };
  expect(declaredMisfit({ outputs: [output([null, 4])], task, references: classes })).toBeNull();
});

test('of the other tasks nothing is certain before they run', () => {
  const task: TaskOptions = { kind: 'ranking' };
  const references: References = { kind: 'gains', queries: ['q'], gains: Float64Array.of(1) };
  expect(declaredMisfit({ outputs: [output([null, 9])], task, references })).toBeNull();
});
