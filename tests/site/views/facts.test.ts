import { expect, test } from 'vitest';
import type { Margin } from '../../../results/policy.ts';
import { environmentFacts, policySentence } from '../../../site/views/facts.ts';
import { makeRun } from '../../fakes/stored-runs.ts';

const margins: [Margin, string][] = [
  [{ kind: 'absolute', value: 0.02 }, '0.0200 of the first metric'],
  [{ kind: 'relative', value: 0.1 }, '10 % of the baseline on any metric'],
  [{ kind: 'mlperf', keep: '99.9%' }, 'what MLPerf’s target of 99.9 % of the baseline lets it lose'],
  [{ kind: 'errors', value: 3 }, '3 samples that the baseline has right'],
];

test.each(margins)('a margin of %j is told in words', (maxDrop, words) => {
  expect(
    policySentence({ maxDrop, maxSlowdown: 0.05, minSpeedup: null, alpha: 0.05, falseAlarms: 0.01 }),
  ).toBe(`A variant may lose ${words}; a slowdown of 5 % is to be caught. Intervals are at the 95 % level.`);
});

test('a speed-up that is asked for is part of the policy', () => {
  const limits = {
    maxDrop: { kind: 'relative', value: 0.01 },
    maxSlowdown: 0,
    alpha: 0.01,
    falseAlarms: 0.01,
  } as const;
  expect(policySentence({ ...limits, minSpeedup: 1.5 })).toContain(
    ', and must be 1.5 times as fast; a slowdown of 0 % is to be caught. ',
  );
});

test('what the platform does not tell of a machine is said, not left empty', () => {
  const { environment } = makeRun();
  const silent = { ...environment, cpu: { ...environment.cpu, flags: [] }, packages: {} };
  const values = environmentFacts({ environment: silent }).map(({ value }) => value);
  expect(values).toContain('not told by the platform');
  expect(values).toContain('none recorded');
});
