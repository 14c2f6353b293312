import { expect, test } from 'vitest';
import { footprintDoubts } from '../../../runners/doubts/footprint-doubts.ts';
import { growthPerCall } from '../../../runners/footprint/memory-growth.ts';
import { createProcessMemory } from '../../../runners/footprint/process-memory.ts';
import type { Tensors } from '../../../core/tensor.ts';
import type { FootprintProcess, FootprintRequest } from '../../../runners/footprint/request.ts';
import { runAlone } from '../../../runners/footprint/run-alone.ts';
import { summariseFootprint } from '../../../runners/footprint/summarise-footprint.ts';
import type { Runner } from '../../../runners/runner.ts';
import { createScriptedRunner, type Script } from '../../fakes/scripted-runner.ts';
import { parseTarget } from '../../../suites/target.ts';

const request: FootprintRequest = {
  target: parseTarget('tfjs/cpu'),
  threads: 1,
  artifact: { format: 'tfjs', path: 'model' },
  inputs: { x: { type: 'float32', shape: [1, 1], data: Float32Array.of(1) } },
  callsMs: 100,
  generation: null,
};

/** A format without a network that does nothing keeps the script to the one model. */
function alone(script: Script): Promise<FootprintProcess> {
  const { runner, clock, memory } = createScriptedRunner({ model: script });
  return runAlone(request, { runner: { ...runner, format: 'tfjs' }, clock, memory });
}

function value(...values: number[]): { y: { type: 'float32'; shape: number[]; data: Float32Array } } {
  return { y: { type: 'float32', shape: [values.length], data: Float32Array.from(values) } };
}

test('load, first call and memory are those of the script', async () => {
  const found = await alone({ callMs: 2, loadMs: 30 });
  expect(found).toMatchObject({
    loadMs: 30,
    firstCallMs: 2,
    idleBytes: 50e6,
    peakBytes: 60e6,
    floorMs: null,
  });
  expect(summariseFootprint([found])).toMatchObject({
    processes: 1,
    memory: { idleBytes: 50e6, peakBytes: 60e6, steadyBytes: 60e6, growthBytesPerCall: 0 },
    outputs: { isRepeatable: true },
  });
  expect(footprintDoubts('model', { status: 'measured', processes: [found] })).toEqual([]);
});

test('a model that keeps memory from each call is told with what it keeps', async () => {
  const found = await alone({ callMs: 1, keepsBytes: 250_000 });
  expect(growthPerCall(found.memory)).toBe(250_000);
  const [doubt, ...more] = footprintDoubts('leaky', { status: 'measured', processes: [found, found] });
  expect(more).toEqual([]);
  expect(doubt).toMatchObject({
    code: 'memory-growth',
    detail:
      'Resident memory of leaky grew by 250.0 kB a call, 15.0 MB over the last two thirds of 102 calls, in each of 2 processes.',
  });
});

test('growth of one process alone, or of less than an allocator’s chunk, is no doubt', async () => {
  const [leaky, steady] = [await alone({ callMs: 1, keepsBytes: 250_000 }), await alone({ callMs: 1 })];
  expect(footprintDoubts('model', { status: 'measured', processes: [leaky, steady] })).toEqual([]);
  const hardly = await alone({ callMs: 1, keepsBytes: 10_000 });
  expect(footprintDoubts('model', { status: 'measured', processes: [hardly] })).toEqual([]);
});

test('a model so slow that hardly a call fits is called often enough to see it leak', async () => {
  const found = await alone({ callMs: 5000, keepsBytes: 2e6 });
  expect(found.memory.map(({ calls }) => calls)).toEqual([3, 4, 5, 6, 7, 8]);
  expect(summariseFootprint([found]).memory?.growthBytesPerCall).toBe(2e6);
  const doubts = footprintDoubts('slow', { status: 'measured', processes: [found] });
  expect(doubts.map(({ code }) => code)).toEqual(['memory-growth']);
});

test('a single sample has no slope', () => {
  expect(growthPerCall([{ calls: 3, residentBytes: 5e7 }])).toBeNull();
});

test('outputs that differ from call to call are told with the largest difference', async () => {
  const found = await alone({ callMs: 1, outputs: (call) => value(0.5, call === 1 ? 0.25 : 0.5) });
  expect(found.largestDifference).toBe(0.25);
  const [doubt] = footprintDoubts('dice', { status: 'measured', processes: [found] });
  expect(doubt).toMatchObject({
    code: 'not-deterministic',
    detail:
      'Outputs of dice for the same input differed from call to call by up to 0.25 relative to max(1, |output|).',
  });
  expect(summariseFootprint([found]).outputs?.isRepeatable).toBe(false);
});

test('outputs that differ from process to process are told', async () => {
  const [one, other] = [
    await alone({ callMs: 1, outputs: () => value(1) }),
    await alone({ callMs: 1, outputs: () => value(2) }),
  ];
  const [doubt] = footprintDoubts('dice', { status: 'measured', processes: [one, other] });
  expect(doubt?.detail).toBe('Outputs of dice for the same input differed from process to process.');
});

test('a model that throws at its tenth call is an error of the whole process', async () => {
  await expect(alone({ callMs: 1, failsAtCall: 10 })).rejects.toThrow('failed at call 10');
});

test('peak memory is the kernel’s mark of this process where there is one', () => {
  const { peakBytes } = createProcessMemory(() => 'VmPeak:\t 999 kB\nVmHWM:\t 2048 kB\nVmRSS:\t 1024 kB\n');
  expect(peakBytes()).toBe(2048 * 1024);
  expect(createProcessMemory(() => null).peakBytes()).toBeGreaterThan(10e6);
});

test('a decoder whose only input of the data goes by another name is given no padding, though caches come before it', async () => {
  const { runner, clock, memory } = createScriptedRunner({ model: { callMs: 1 } });
  const widths: (number | undefined)[] = [];
  const decoder: Runner = {
    ...{ ...runner, format: 'tfjs' },
    load: () =>
      Promise.resolve({
        inputs: [
          { name: 'past_key_values.0.key', type: 'float32', shape: [null, 2, null, 4] },
          { name: 'input_ids', type: 'int64', shape: [null, null] },
        ],
        outputs: [{ name: 'logits', type: 'float32', shape: [null, null, 3] }],
        run: ({ input_ids: ids }) => {
          const [, width = 0] = ids?.shape ?? [];
          widths.push(width);
          const data = new Float32Array(3 * width);
          return Promise.resolve({ logits: { type: 'float32', shape: [1, width, 3], data } });
        },
        close: () => Promise.resolve(),
      }),
  };
  const tokens: Tensors = { tokens: { type: 'int64', shape: [1, 8], data: new BigInt64Array(8) } };
  const prompts = [{ ids: [1, 2], inputs: tokens, newTokens: 2 }];
  const words = { tokens: 'tokens' } as const;
  const generation = { words, width: 8, canGoUnpadded: true, prompts, budgetMs: 100, output: undefined };
  await runAlone({ ...request, inputs: tokens, callsMs: 1, generation }, { runner: decoder, clock, memory });
  expect(widths.slice(-2)).toEqual([2, 3]);
});
