import { expect, test } from 'vitest';
import type { TimedContender, TimedRequest } from '../../runners/timing/request.ts';
import { timeContenders } from '../../runners/timing/time-contenders.ts';
import { createScriptedRunner, type Script } from '../fakes/scripted-runner.ts';
import { parseTarget } from '../../suites/target.ts';

function request(names: readonly string[]): TimedRequest {
  return {
    target: parseTarget('onnxruntime/cpu'),
    threads: 1,
    contenders: names.map((name) => ({ name, artifact: { format: 'onnx', path: name } })),
    inputs: { x: { type: 'float32', shape: [1, 1], data: Float32Array.of(1) } },
    seed: 7,
    warmUpMs: 5,
    epochs: 3,
    epochMs: 20,
    profileMs: 0,
    maxCallMs: 1000,
  };
}

async function time(
  scripts: Readonly<Record<string, Script>>,
): Promise<{ outcomes: TimedContender[]; events: string[] }> {
  const { runner, clock, events } = createScriptedRunner(scripts);
  const { contenders } = await timeContenders(request(Object.keys(scripts)), { runner, clock });
  return { outcomes: contenders, events };
}

function timed(
  outcomes: readonly TimedContender[],
  name: string,
): Extract<TimedContender, { status: 'timed' }> {
  const found = outcomes.find((outcome) => outcome.name === name);
  if (found?.status !== 'timed') throw new Error(`${name} was not timed`);
  return found;
}

test('a time a call is the scripted one, whatever the number of calls in a unit', async () => {
  const { outcomes } = await time({ slow: { callMs: 2 }, fast: { callMs: 0.05 } });
  for (const callMs of timed(outcomes, 'slow').roundMs) expect(callMs).toBeCloseTo(2, 9);
  for (const callMs of timed(outcomes, 'fast').roundMs) expect(callMs).toBeCloseTo(0.05, 9);
});

test('every contender has one entry a round, so that entries pair', async () => {
  const { outcomes } = await time({ a: { callMs: 1 }, b: { callMs: 3 }, c: { callMs: 0.5 } });
  const lengths = ['a', 'b', 'c'].map((name) => timed(outcomes, name).roundMs.length);
  expect(new Set(lengths).size).toBe(1);
  expect(lengths[0]).toBeGreaterThan(3);
});

test('a round runs as many calls of one contender as of another, since the first of them finds cold caches', async () => {
  const { events } = await time({ a: { callMs: 0.1 }, b: { callMs: 0.02 } });
  // Nothing, the first calls and the warm-up precede the epochs; each epoch begins with two loads.
  const epochs = events
    .join('\n')
    .split(/(?:load [ab]\n){2}/)
    .slice(3);
  for (const epoch of epochs) {
    const calls = (name: string): number =>
      epoch.split('\n').filter((event) => event === `call ${name}`).length;
    expect(calls('a')).toBe(calls('b'));
    expect(calls('a')).toBeGreaterThan(10);
  }
  expect(epochs).toHaveLength(3);
});

test('the order within rounds is not always the same', async () => {
  const { events } = await time({ a: { callMs: 1 }, b: { callMs: 1 } });
  const calls = events.filter((event) => event.startsWith('call'));
  const pairs = new Set(calls.slice(-40).map((call, index, all) => `${call} ${all[index + 1] ?? ''}`));
  expect(pairs).toContain('call a call b');
  expect(pairs).toContain('call b call a');
});

test('every epoch runs on sessions of its own, and all are closed', async () => {
  const { events } = await time({ a: { callMs: 1 }, b: { callMs: 1 } });
  const count = (event: string): number => events.filter((one) => one === event).length;
  // One for the load time, one for the warm-up and one an epoch.
  expect(count('load a')).toBe(5);
  expect(count('close a')).toBe(5);
});

test('a model whose call outlasts the budget of the form ends alone, with both figures', async () => {
  const { outcomes } = await time({ a: { callMs: 1 }, b: { callMs: 2500 } });
  expect(outcomes.find(({ name }) => name === 'b')).toEqual({
    status: 'failed',
    name: 'b',
    code: 'timeout',
    reason: 'one call took 2.5 s; this form times calls of at most 1 s',
  });
  expect(timed(outcomes, 'a').roundMs.length).toBeGreaterThan(3);
});

test('a model whose round outlasts an epoch gets its least rounds, not all the epochs', async () => {
  const { runner, clock } = createScriptedRunner({ a: { callMs: 900 } });
  const { contenders, epochs } = await timeContenders({ ...request(['a']), epochs: 50 }, { runner, clock });
  expect(timed(contenders, 'a').roundMs).toHaveLength(5);
  expect(epochs).toBe(5);
});

test('a clock that goes back is no measurement, and says by how much', async () => {
  const { runner, clock } = createScriptedRunner({ a: { callMs: -3 } });
  const { contenders } = await timeContenders(request(['a']), { runner, clock });
  expect(contenders).toMatchObject([
    { status: 'failed', reason: 'the clock went back by 3 ms during a timed unit' },
  ]);
});

test('the batch size that models were exported for is told', async () => {
  const { runner, clock } = createScriptedRunner({ a: { callMs: 1 } });
  const fixed: typeof runner = {
    ...runner,
    load: async (...asked) => ({
      ...(await runner.load(...asked)),
      inputs: [{ name: 'x', type: 'float32', shape: [1, 1] }],
    }),
  };
  expect((await timeContenders(request(['a']), { runner: fixed, clock })).fixedBatch).toBe(1);
  expect((await timeContenders(request(['a']), { runner, clock })).fixedBatch).toBeNull();
});

test('wall-clock time that jumps ahead of monotonic time is told', async () => {
  const { runner, clock } = createScriptedRunner({ a: { callMs: 1 } });
  let reads = 0;
  const jumping = {
    ...clock,
    timestamp: () => new Date(clock.nowMs() + (reads++ === 0 ? 0 : 60_000)).toISOString(),
  };
  const { clockSkewMs } = await timeContenders(request(['a']), { runner, clock: jumping });
  expect(clockSkewMs).toBeCloseTo(60_000, -1);
});

test('a contender that throws at its tenth call ends alone', async () => {
  const { outcomes } = await time({ a: { callMs: 1 }, b: { callMs: 1, failsAtCall: 10 } });
  expect(outcomes.find(({ name }) => name === 'b')).toEqual({
    status: 'failed',
    name: 'b',
    code: 'error',
    reason: 'failed at call 10',
  });
  expect(timed(outcomes, 'a').roundMs.length).toBeGreaterThan(3);
});

test('a model whose input does not fit is told with both shapes', async () => {
  const { runner, clock } = createScriptedRunner({ a: { callMs: 1 } });
  const misfit = {
    ...request(['a']),
    inputs: { x: { type: 'float32', shape: [1, 9], data: new Float32Array(9) } },
  } as const;
  const {
    contenders: [outcome],
  } = await timeContenders(misfit, { runner, clock });
  expect(outcome).toMatchObject({
    status: 'failed',
    reason:
      'the dataset\'s input "x" is float32 [batch, 9]; the model\'s input "x" accepts float32 [batch, 1]',
  });
});

test('a slow model gets the blocks that the slope test takes, though they outlast its warm-up', async () => {
  const { outcomes } = await time({ a: { callMs: 4 } });
  expect(timed(outcomes, 'a').warmUp).toEqual({ isSteady: true, ms: 20 });
});
