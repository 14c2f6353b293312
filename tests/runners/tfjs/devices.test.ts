import { describe, expect, test } from 'vitest';
import { loadModel } from '../../../models/manifest.ts';
import { makeUpInputs } from '../../../runners/explain/made-up-inputs.ts';
import { startDevice } from '../../../runners/tfjs/devices.ts';
import { loopModel } from '../../contracts/tfjs-contract-models.ts';
import { expectSameAsCpu, openTfjs } from './consistency.ts';

test('WebAssembly computes what plain JavaScript computes, on every model of the catalog', async () => {
  await expectSameAsCpu('wasm');
});

test('WebAssembly with two threads computes what one computes, turn by turn with it', async () => {
  const { path } = (await loadModel('digits-cnn')).tfjs ?? { path: '' };
  const [one, two] = [await openTfjs(path, 'wasm'), await openTfjs(path, 'wasm', 2)];
  const feeds = makeUpInputs(one.inputs, { batchSize: 8, shapes: {} });
  const calls = [one, two].map((session) => session.prepare?.(feeds));
  const outputs = [await one.run(feeds), await two.run(feeds), calls[1]?.(), calls[0]?.()];
  for (const output of outputs) expect(output).toEqual(outputs[0]);
  expect((await startDevice('wasm', 2)).detail).toContain('2 threads');
  await Promise.all([one.close(), two.close()]);
});

test('threads that a device does not have are refused with what it has', async () => {
  const { path } = (await loadModel('cars-mlp')).tfjs ?? { path: '' };
  await expect(openTfjs(path, 'cpu', 2)).rejects.toThrow('cpu has one thread; 2 were asked for');
  await expect(openTfjs(path, 'wasm', 9)).rejects.toThrow('at most 8 threads; 9 were asked for');
});

describe.each(['cpu', 'wasm'])('on %s', (device) => {
  test('a model with control flow runs, several at a time', async () => {
    const session = await openTfjs((await loopModel()).path, device);
    const outputs = await Promise.all(
      [1, 2, 3].map((value) =>
        session.run({ x: { type: 'float32', shape: [1, 2], data: Float32Array.of(value, -value) } }),
      ),
    );
    await session.close();
    const values = outputs.map(({ y }) => [...(y?.data ?? [])]);
    expect(values).toEqual([
      [8, -8],
      [16, -16],
      [24, -24],
    ]);
  });
});
