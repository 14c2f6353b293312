import { expect, test } from 'vitest';
import { defaultTargetSettings } from '../../results/target-schema.ts';
import { usefulWorkers } from '../../runners/useful-workers.ts';

test('no more workers than cores are of use', () => {
  expect(usefulWorkers(1024, ['onnxruntime/cpu', 'onnxruntime/webgpu'], 2)).toEqual({ count: 2, cores: 2 });
  expect(usefulWorkers(1, ['onnxruntime/cpu'], 2)).toEqual({ count: 1, cores: 2 });
  expect(usefulWorkers(undefined, ['onnxruntime/cpu'], 4)).toEqual({ count: 4, cores: 4 });
});

test('each of several cards is of use to a worker, whatever the targets that name it; those of a processor are none', () => {
  const on = (target: string, deviceIndexes: number[]) => ({
    ...defaultTargetSettings,
    target,
    deviceIndexes,
  });
  const targets = [on('onnxruntime/cuda', [0, 1, 2]), on('onnxruntime/tensorrt', [0, 3])];
  expect(usefulWorkers(64, targets, 2).count).toBe(4);
  expect(usefulWorkers(64, [on('onnxruntime/cpu', [0, 1, 2])], 2).count).toBe(2);
});
