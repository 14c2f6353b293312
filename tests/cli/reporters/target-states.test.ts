import { expect, test } from 'vitest';
import { targetStates } from '../../../cli/reporters/target-states.ts';
import type { Probe } from '../../../runners/runner.ts';

test('targets stand in a table, then what mends those that do not run, each remedy once', () => {
  const driver = { status: 'unavailable', remedy: 'install the driver' } as const;
  const probes = new Map<string, Probe>([
    ['a/cpu', { status: 'works', detail: 'A 1.0', isSoftware: false }],
    ['a/webgpu', { status: 'works', detail: 'A 1.0, lavapipe', isSoftware: true }],
    ['a/cuda', { ...driver, reason: 'no driver' }],
    ['b/cuda', { ...driver, reason: 'nothing found' }],
  ]);
  expect(targetStates(probes)).toBe(
    [
      'TARGET    STATE        DETAIL',
      'a/cpu     works        A 1.0',
      'a/webgpu  works        A 1.0, lavapipe: a software adapter, so no figure of speed',
      'a/cuda    unavailable  no driver',
      'b/cuda    unavailable  nothing found',
      '',
      'What mends them',
      '  a/cuda, b/cuda',
      '    install the driver',
    ].join('\n'),
  );
  expect(
    targetStates(new Map([['a/cpu', { status: 'works', detail: 'A', isSoftware: false }]])),
  ).not.toContain('mends');
});
