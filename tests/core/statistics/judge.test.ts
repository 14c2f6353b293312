import { expect, test } from 'vitest';
import { judge, type Loss } from '../../../core/statistics/judge.ts';

function loss(low: number, high: number, estimate = (low + high) / 2): Loss {
  const format = (value: number): string => `${value} points`;
  const interval = { low, high, level: 0.95, method: 'test' };
  return { estimate, interval, margin: 2, level: 0.95, format };
}

test.each([
  ['improved', -3, -1],
  ['pass', -1, 1],
  ['pass', 0.5, 2],
  ['pass', 0, 0],
  ['regressed', 2.1, 5],
  ['inconclusive', 0.1, 6],
  ['inconclusive', 0.1, 3],
  ['inconclusive', -1, 9],
  ['inconclusive', 0, 5],
] as const)('the verdict is %s from %f to %f with a margin of 2', (verdict, low, high) => {
  expect(judge(loss(low, high)).verdict).toBe(verdict);
});

test('the reason holds the figures the verdict follows from', () => {
  expect(judge(loss(-1, 1, 0.5)).reason).toMatchInlineSnapshot(
    `"The loss is 0.5 points, 95 % interval -1 points to 1 points: all of it is within the margin of 2 points."`,
  );
  expect(judge(loss(2.5, 6, 3)).reason).toMatchInlineSnapshot(
    `"The loss is 3 points, 95 % interval 2.5 points to 6 points: all of it is beyond the margin of 2 points."`,
  );
  expect(judge(loss(0.1, 6, 3)).reason).toMatchInlineSnapshot(
    `"The loss is 3 points, 95 % interval 0.1 points to 6 points: it is a loss, and holds values on both sides of the margin of 2 points."`,
  );
});

test('an interval of a lower level than asked decides nothing', () => {
  const { verdict, reason } = judge({ ...loss(5, 6), level: 0.99 });
  expect(verdict).toBe('inconclusive');
  expect(reason).toContain('95 % confidence at most; the policy asks for 99 %');
});

test('no interval decides nothing', () => {
  expect(judge({ ...loss(5, 6), interval: null })).toEqual({
    verdict: 'inconclusive',
    reason: 'There is too little data for an interval.',
  });
});

test('without a margin a change that cannot be told from none is inconclusive, and none at all passes', () => {
  expect(judge({ ...loss(-1, 1), margin: 0 }).verdict).toBe('inconclusive');
  expect(judge({ ...loss(0, 0), margin: 0 }).verdict).toBe('pass');
  expect(judge({ ...loss(0.1, 1), margin: 0 }).verdict).toBe('regressed');
});
