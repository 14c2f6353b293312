import { expect, test } from 'vitest';
import { expandSuite, type Resolved } from '../../suites/expand.ts';
import { suiteSchema } from '../../suites/schema.ts';

const resolved: Resolved = {
  suite: suiteSchema.parse({
    id: 'two-models',
    title: 'Two models',
    task: { kind: 'regression' },
    dataset: 'cars',
    models: ['a', 'b'],
    variants: ['int8-dynamic', 'prune-magnitude-50'],
    targets: ['onnxruntime/cpu', 'tfjs/wasm'],
    metrics: ['mse'],
    policy: { maxDrop: { kind: 'absolute', value: 1 }, maxSlowdown: 0.05 },
  }),
  suiteHash: 'suite',
  dataset: { id: 'cars', hash: 'data' },
  models: [
    { id: 'a', hash: 'aa' },
    { id: 'b', hash: 'bb' },
  ],
};

test('a suite becomes a group for each model and target, each with the baseline first', () => {
  const groups = expandSuite(resolved);
  expect(groups).toHaveLength(4);
  for (const { cells } of groups) {
    expect(cells.map(({ variant }) => variant)).toEqual(['fp32', 'int8-dynamic', 'prune-magnitude-50']);
  }
});

test('every job has an id of its own, the same each time', () => {
  const ids = expandSuite(resolved).flatMap(({ id, cells }) => [id, ...cells.map((cell) => cell.id)]);
  expect(new Set(ids).size).toBe(ids.length);
  expect(expandSuite(resolved).flatMap(({ id, cells }) => [id, ...cells.map((cell) => cell.id)])).toEqual(
    ids,
  );
});

test('a changed dataset changes every id', () => {
  const before = expandSuite(resolved).flatMap(({ cells }) => cells.map(({ id }) => id));
  const changed = expandSuite({ ...resolved, dataset: { id: 'cars', hash: 'other' } });
  expect(changed.flatMap(({ cells }) => cells.map(({ id }) => id)).some((id) => before.includes(id))).toBe(
    false,
  );
});

test('a changed policy leaves the cells alone and changes the groups', () => {
  const suite = { ...resolved.suite, policy: { ...resolved.suite.policy, maxSlowdown: 0.5 } };
  const [before] = expandSuite(resolved);
  const [after] = expandSuite({ ...resolved, suite, suiteHash: 'changed' });
  expect(after?.cells).toEqual(before?.cells);
  expect(after?.id).not.toBe(before?.id);
});

test('another level or seed of the intervals changes every cell', () => {
  const [before] = expandSuite(resolved);
  const { policy, timing } = resolved.suite;
  for (const suite of [
    { ...resolved.suite, policy: { ...policy, alpha: 0.01 } },
    { ...resolved.suite, timing: { ...timing, seed: 7 } },
  ]) {
    const [after] = expandSuite({ ...resolved, suite });
    expect(
      after?.cells.map(({ id }) => id).some((id) => before?.cells.map((cell) => cell.id).includes(id)),
    ).toBe(false);
  }
});

test('a baseline that the suite names is not there twice', () => {
  const [group] = expandSuite({ ...resolved, suite: { ...resolved.suite, variants: ['fp32'] } });
  expect(group?.cells.map(({ variant }) => variant)).toEqual(['fp32']);
});

const scenarios = suiteSchema.shape.scenarios.parse([
  { kind: 'single-stream' },
  { kind: 'server', latencyBoundMs: 5 },
]);

test('every variant is put under every scenario of the suite, each a job with an id of its own', () => {
  const [group] = expandSuite({ ...resolved, suite: { ...resolved.suite, scenarios } });
  expect(group?.scenarios.map(({ scenario, variant }) => `${scenario.kind} ${variant}`)).toEqual([
    'single-stream fp32',
    'single-stream int8-dynamic',
    'single-stream prune-magnitude-50',
    'server fp32',
    'server int8-dynamic',
    'server prune-magnitude-50',
  ]);
  expect(new Set(group?.scenarios.map(({ id }) => id)).size).toBe(6);
});

test('another bound changes the ids of the scenarios, not of the cells', () => {
  const bound = (latencyBoundMs: number): typeof scenarios =>
    suiteSchema.shape.scenarios.parse([{ kind: 'server', latencyBoundMs }]);
  const [before] = expandSuite({ ...resolved, suite: { ...resolved.suite, scenarios: bound(5) } });
  const [after] = expandSuite({ ...resolved, suite: { ...resolved.suite, scenarios: bound(6) } });
  expect(after?.cells).toEqual(before?.cells);
  expect(after?.scenarios[0]?.id).not.toBe(before?.scenarios[0]?.id);
});

test('a suite without scenarios has none, and keeps the hash it had before there were any', () => {
  expect(expandSuite(resolved).flatMap((group) => group.scenarios)).toEqual([]);
  expect(resolved.suite).not.toHaveProperty('scenarios');
});

test('the same scenario twice is refused', () => {
  const twice = [{ kind: 'offline' }, { kind: 'offline' }];
  expect(suiteSchema.shape.scenarios.safeParse(twice).error?.message).toContain('two scenarios are the same');
});
