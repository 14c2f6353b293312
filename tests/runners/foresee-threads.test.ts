import { expect, test } from 'vitest';
import { defaultTargetSettings } from '../../results/target-schema.ts';
import { foreseeThreads } from '../../runners/foresee-threads.ts';
import { parseTarget, type Target } from '../../suites/target.ts';

function pinned(affinities: string): Target {
  const sessionOptions = { 'session.intra_op_thread_affinities': affinities };
  return parseTarget({ target: 'onnxruntime/cpu', ...defaultTargetSettings, sessionOptions });
}

test('more threads than cores are a doubt on a processor alone, and tell both', () => {
  const processor = { cores: 2, allowed: [0, 1] };
  const [doubt, ...others] = foreseeThreads(parseTarget('onnxruntime/cpu'), 3, processor);
  expect(others).toEqual([]);
  expect(doubt).toMatchObject({
    means: 'in-doubt',
    reason: 'latency is timed with 3 threads, which share the 2 cores that this process may use',
    remedy: expect.stringContaining('"threads" of "timing" in the suite to 2') as string,
  });
  expect(foreseeThreads(parseTarget('onnxruntime/cpu'), 2, processor)).toEqual([]);
  expect(foreseeThreads(parseTarget('onnxruntime/cuda'), 3, processor)).toEqual([]);
});

test('affinities, numbered from 1, are held against the processors that are allowed, which need not begin at 0', () => {
  const processor = { cores: 4, allowed: [4, 5, 6, 9] };
  expect(foreseeThreads(pinned('5-6;7,10'), 3, processor)).toEqual([]);
  const [doubt] = foreseeThreads(pinned('1;5-8'), 3, processor);
  expect(doubt).toMatchObject({
    means: 'in-doubt',
    reason: expect.stringMatching(/may not use: 1, 8$/) as string,
    remedy: expect.stringContaining('some of 5-7, 10,') as string,
  });
  // ONNX Runtime looks at none of them where it starts no thread.
  expect(foreseeThreads(pinned('1;2'), 1, processor)).toEqual([]);
  expect(foreseeThreads(pinned('1'), 2, { cores: 4, allowed: null })).toEqual([]);
});
