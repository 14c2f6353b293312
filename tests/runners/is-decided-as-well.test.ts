import { expect, test } from 'vitest';
import type { LatencyComparison } from '../../results/latency-schema.ts';
import { isDecidedAsWell } from '../../runners/is-decided-as-well.ts';
import { latencyComparison } from '../fakes/latency-comparison.ts';
import { makeGroup, makeTimedVariant, makeVariant } from '../fakes/stored-runs.ts';

const times = Array.from({ length: 10 }, () => ({ baseline: [1, 1], variant: [1.01, 1.02] }));
const compared = latencyComparison(times) ?? failed();

function failed(): never {
  throw new Error('nothing was compared');
}

const form = { looks: [10, 14, 20] };

function groupOf(verdict: LatencyComparison['verdict'], processes: number): ReturnType<typeof makeGroup> {
  const variant = makeVariant({ name: 'int8-dynamic', isBaseline: false });
  const latency = { ...compared, verdict, processes };
  return makeGroup({ variants: [makeTimedVariant({ variant, latency })] });
}

test.each([
  {
    what: 'is decided by the new policy, too',
    then: 'pass',
    now: 'regressed',
    processes: 10,
    isEnough: true,
  },
  {
    what: 'was left open before, when the time was up',
    then: 'inconclusive',
    now: 'inconclusive',
    processes: 10,
    isEnough: true,
  },
  {
    what: 'is left open after the last look',
    then: 'pass',
    now: 'inconclusive',
    processes: 20,
    isEnough: true,
  },
  {
    what: 'is left open where further looks were planned',
    then: 'pass',
    now: 'inconclusive',
    processes: 10,
    isEnough: false,
  },
] as const)('of what $what, times are enough: $isEnough', ({ then, now, processes, isEnough }) => {
  expect(isDecidedAsWell(groupOf(now, processes), groupOf(then, processes), form)).toBe(isEnough);
});
