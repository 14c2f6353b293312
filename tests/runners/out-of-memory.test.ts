import { Worker } from 'node:worker_threads';
import * as ort from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { messageOf } from '../../core/errors.ts';
import { codeOfError } from '../../runners/out-of-memory.ts';
import { boundlessModel } from '../fakes/harmful-models.ts';

async function messageThrownBy(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (thrown) {
    return messageOf(thrown);
  }
  throw new Error('nothing was thrown');
}

test('a worker thread whose heap is full is out of memory', async () => {
  const worker = new Worker('const kept = []; for (;;) kept.push(new Array(10_000).fill(0));', {
    eval: true,
    resourceLimits: { maxOldGenerationSizeMb: 16 },
  });
  const message = await messageThrownBy(() => new Promise((_, reject) => worker.once('error', reject)));
  expect([message, codeOfError(message)]).toEqual([message, 'out-of-memory']);
});

test('ONNX Runtime that is refused a tensor’s memory is out of memory', async () => {
  const session = await ort.InferenceSession.create(boundlessModel());
  const x = new ort.Tensor('float32', new Float32Array(16), [8, 2]);
  const message = await messageThrownBy(() => session.run({ x }));
  await session.release();
  expect([message, codeOfError(message)]).toEqual([message, 'out-of-memory']);
});

test('a buffer that Node cannot have is out of memory', async () => {
  const message = await messageThrownBy(() => Promise.resolve(new ArrayBuffer(2 ** 52)));
  expect([message, codeOfError(message)]).toEqual([message, 'out-of-memory']);
});

test('any other error is one', () => {
  expect(codeOfError('the shapes of "a" and "b" do not fit')).toBe('error');
});
