import { expect, test } from 'vitest';
import { loadModel } from '../../models/manifest.ts';
import { taskOf } from '../../runners/task-of.ts';

const task = { kind: 'classification', scores: 'probabilities' } as const;

test('what a suite says of the output stands before what the manifest says, and that before what the model tells', async () => {
  const model = await loadModel('tumours-mlp');
  const labels = ['malignant', 'benign'];
  const { manifest } = model;
  if (manifest === null) throw new Error('no manifest');
  const declared = { ...model, manifest: { ...manifest, output: { ...manifest.output, labels } } };
  const own = { output: manifest.output.name, labels };
  expect(taskOf(task, declared, 'onnx')).toEqual({ ...task, ...own });
  const others = { output: 'logits', labels: ['benign', 'malignant'] };
  expect(taskOf({ ...task, ...others }, declared, 'onnx')).toEqual({ ...task, ...others });
  expect(taskOf(task, declared, 'tfjs')).toEqual({ ...task, output: undefined, labels });
  expect(taskOf(task, { ...model, manifest: null }, 'onnx')).toEqual(task);
  const told = { ...model, labels: ['b', 'm'] };
  expect(taskOf(task, { ...told, manifest: null }, 'onnx')).toEqual({ ...task, labels: ['b', 'm'] });
  expect(taskOf(task, { ...declared, labels: ['b', 'm'] }, 'onnx')).toEqual({ ...task, ...own });
});
