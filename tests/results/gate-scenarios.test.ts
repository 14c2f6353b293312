import { expect, test } from 'vitest';
import { gateRun } from '../../results/gate.ts';
import { makeRun } from '../fakes/stored-runs.ts';
import { makeScenarios } from '../fakes/stored-scenarios.ts';

const scenarios = makeScenarios();
const run = makeRun({ planned: { cells: 0, groups: 0, scenarios: scenarios.length } });

test('scenarios that are all there pass the gate, valid by MLPerf’s rules or not', () => {
  expect(gateRun(run, scenarios)).toEqual({ outcome: 'pass', findings: [] });
});

test('a scenario that was planned and is not there makes a run incomplete', () => {
  const result = gateRun(run, scenarios.slice(1));
  expect(result.outcome).toBe('incomplete');
  expect(result.findings[0]?.reason).toContain('7 of 8 planned records are there');
});

test('a scenario that failed makes a run incomplete, with its reason', () => {
  const crashed = {
    status: 'failed',
    code: 'crashed',
    reason: 'the process ended by SIGSEGV',
    stderrTail: null,
  } as const;
  const broken = scenarios.map((record, index) => (index === 0 ? { ...record, outcome: crashed } : record));
  expect(gateRun(run, broken)).toMatchObject({
    outcome: 'incomplete',
    findings: [{ subject: 'handwritten-digits digits-cnn fp32 on onnxruntime/cpu', reason: crashed.reason }],
  });
});
