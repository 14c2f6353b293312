import { expect, test } from 'vitest';
import { decisionsOfPeer } from '../../bench/power/decisions.ts';
import type { ProcessTimes } from '../../results/compare-latency.ts';

const processes = [1, 2, 3, 4, 5].map((time) => ({ baseline: [time], variant: [time] }));

function windowsOf(count: 1 | 2): number[][] {
  const seen: number[][] = [];
  const flags = (window: readonly ProcessTimes[]): boolean => {
    seen.push(window.map(({ baseline }) => baseline[0] ?? NaN));
    return false;
  };
  expect(decisionsOfPeer({ name: '', processes: count, flags }, processes)).toHaveLength(seen.length);
  return seen;
}

test('a rule that compares two runs decides on pairs of processes that do not overlap', () => {
  expect(windowsOf(2)).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

test('a rule for one process decides on each', () => {
  expect(windowsOf(1)).toEqual([[1], [2], [3], [4], [5]]);
});
