import { expect, test } from 'vitest';
import type { Tensors } from '../../core/tensor.ts';
import { callsAtATime, inCalls } from '../../runners/in-calls.ts';

function numbers(count: number): Tensors {
  const data = Float32Array.from({ length: 2 * count }, (_, index) => index);
  return { x: { type: 'float32', shape: [count, 2], data } };
}

test.each([1, 63, 64, 65, 150])(
  '%i samples are asked 64 at a time and answered in their order',
  async (count) => {
    const asked: number[] = [];
    const echo = (inputs: Tensors): Promise<Tensors> => {
      asked.push(inputs.x?.shape[0] ?? 0);
      const texts = Array.from(inputs.x?.data ?? [], String);
      return Promise.resolve({
        ...inputs,
        text: { type: 'string', shape: [texts.length / 2, 2], data: texts },
      });
    };
    const { x, text } = await inCalls(echo, numbers(count), 64);
    expect(x).toEqual(numbers(count).x);
    expect(text?.data).toEqual(Array.from(numbers(count).x?.data ?? [], String));
    expect(Math.max(...asked)).toBeLessThanOrEqual(64);
    expect(asked.slice(0, -1).every((samples) => samples === 64)).toBe(true);
  },
);

test('outputs are held of as many calls as keep them few', () => {
  const ofShape = (...shape: (number | null)[]): number =>
    callsAtATime([{ name: 'y', type: 'float32', shape }], 64);
  expect(ofShape(null, 2)).toBe(1024);
  expect(ofShape(null, 1024, 1024)).toBe(1);
  expect(ofShape(null, null)).toBe(1);
  expect(ofShape(3)).toBe(1);
});
