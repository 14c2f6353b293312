import { expect, test } from 'vitest';
import { defaultTargetSettings, type TargetSettings } from '../../results/target-schema.ts';
import { onnxruntimeRunner } from '../../runners/onnxruntime/runner.ts';
import { sessionOptions } from '../../runners/onnxruntime/session-options.ts';
import type { LoadSettings } from '../../runners/runner.ts';
import { onnxModels } from '../contracts/contract-models.ts';

function settings(given: Partial<TargetSettings>, device = 'cpu'): LoadSettings {
  return { ...defaultTargetSettings, ...given, device, deviceIndex: 1, threads: 2 };
}

test('options of the binding stay options, entries of the configuration become text', () => {
  const options = {
    executionMode: 'parallel',
    'session.disable_prepacking': true,
    'session.dynamic_block_base': 4,
  };
  expect(sessionOptions(settings({ sessionOptions: options }))).toEqual({
    executionProviders: [{ name: 'cpu' }],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: 2,
    interOpNumThreads: 1,
    executionMode: 'parallel',
    extra: { 'session.disable_prepacking': '1', 'session.dynamic_block_base': '4' },
  });
});

test('a device gets its number only where the binding knows one', () => {
  const provider = (device: string): unknown => sessionOptions(settings({}, device)).executionProviders?.[0];
  expect(provider('cuda')).toEqual({ name: 'cuda', deviceId: 1 });
  expect(provider('webgpu')).toEqual({ name: 'webgpu' });
});

test('ONNX Runtime gets them: it refuses a value that it cannot use', async () => {
  const given = settings({ sessionOptions: { 'session.intra_op_thread_affinities': 'everywhere' } });
  await expect(onnxruntimeRunner.load(await onnxModels.open(), given)).rejects.toThrow('everywhere');
});
