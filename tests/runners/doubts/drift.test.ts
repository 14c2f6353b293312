import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { findDrifts } from '../../../runners/doubts/drift.ts';

/** Rounds of so many processes; `at` gives the time, by process and by round as shares from 0 to 1. */
function processes(count: number, at: (process: number, round: number) => number): Float64Array[] {
  const random = createRandom(3);
  return Array.from({ length: count }, (_, process) =>
    Float64Array.from(
      { length: 30 },
      (_round, round) => at(process / (count - 1), round / 29) * (1 + 0.01 * random.next()),
    ),
  );
}

test('steady times do not drift', () => {
  expect(findDrifts(processes(12, () => 1))).toEqual([]);
});

test('a slowdown from the first third of each process to its last is seen with its size', () => {
  const [drift, ...more] = findDrifts(processes(10, (_, round) => 1 + 0.2 * round));
  expect(more).toEqual([]);
  expect(drift?.where).toBe('within processes');
  expect(drift?.share).toBeCloseTo(0.13, 1);
});

test('processes that become faster one after another are seen', () => {
  const [drift] = findDrifts(processes(12, (process) => 2 - 0.5 * process));
  expect(drift?.where).toBe('over processes');
  expect(drift?.share).toBeLessThan(-0.1);
});

test('a drift of less than 5 % is none', () => {
  expect(findDrifts(processes(12, (process, round) => 1 + 0.03 * process + 0.03 * round))).toEqual([]);
});

test('one unlucky process is no drift', () => {
  expect(findDrifts(processes(12, (process, round) => (process === 1 ? 1 + round : 1)))).toEqual([]);
});

test('too few processes or rounds to have thirds say nothing', () => {
  expect(findDrifts([Float64Array.of(1, 2), Float64Array.of(1, 2)])).toEqual([]);
  expect(findDrifts([])).toEqual([]);
});
