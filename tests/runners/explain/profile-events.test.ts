import { expect, test } from 'vitest';
import { readProfile } from '../../../runners/explain/profile-events.ts';

interface Event {
  name: string;
  ts: number;
  dur: number;
  args?: object;
}

function kernel(name: string, [ts, dur]: readonly [number, number], operator = 'Gemm'): Event {
  const args = {
    op_name: operator,
    provider: 'CPUExecutionProvider',
    input_type_shape: [{ float: [1, 4] }, { float: [4] }],
    output_type_shape: [{ float: [1, 2] }],
  };
  return { name: `${name}_kernel_time`, ts, dur, args };
}

const run = (ts: number, dur: number): Event => ({ name: 'model_run', ts, dur });

function profileOf(events: readonly Event[], uncounted = 0): ReturnType<typeof readProfile> {
  const written = events.map((event) => ({ cat: event.args === undefined ? 'Session' : 'Node', ...event }));
  return readProfile(JSON.stringify(written), { where: 'profile.json', uncounted });
}

test('a node has the mean of its calls, its operator, provider and shapes', () => {
  const { calls, nodes } = profileOf([run(0, 10), kernel('a', [1, 4]), run(20, 10), kernel('a', [21, 6])]);
  expect(calls).toBe(2);
  expect(nodes).toEqual([
    {
      name: 'a',
      operator: 'Gemm',
      provider: 'CPU',
      ms: 0.005,
      runs: 1,
      inputs: [[1, 4], [4]],
      outputs: [[1, 2]],
    },
  ]);
});

test('the first calls are left out, and so is a single interruption', () => {
  const times = [500, 900, 10, 10, 10, 10, 10, 10, 10, 4000];
  const events = times.flatMap((dur, call) => [run(call * 10_000, 9000), kernel('a', [call * 10_000, dur])]);
  const { calls, nodes } = profileOf(events, 2);
  expect(calls).toBe(8);
  expect(nodes[0]?.ms).toBeCloseTo(0.01, 9);
});

test('the time of a graph inside a Loop is that of its nodes, each counted as often as it ran', () => {
  const { nodes } = profileOf([
    run(0, 100),
    kernel('loop', [1, 90], 'Loop'),
    kernel('inner', [2, 20]),
    kernel('inner', [30, 20]),
  ]);
  expect(nodes.map(({ name, ms, runs }) => [name, ms, runs])).toEqual([
    ['loop', 0.05, 1],
    ['inner', 0.04, 2],
  ]);
});

test('what is no profile is refused by name', () => {
  expect(() => readProfile('{"a": 1}', { where: 'profile.json', uncounted: 0 })).toThrow('profile.json');
});

test('a profile of no call is refused: nothing was measured', () => {
  expect(() => profileOf([])).toThrow('profile.json: The profile of ONNX Runtime tells of no call.');
  expect(() => profileOf([run(0, 10), kernel('a', [1, 4])], 1)).toThrow('tells of no call');
});
