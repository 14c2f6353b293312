import { expect, test } from 'vitest';
import { guardLine, readGuardLine } from '../../runners/guard-line.ts';

test('whom to kill is read as it was written, and not at all where the line broke off', () => {
  const line = guardLine([12, 345]).trimEnd();
  expect(readGuardLine(line)).toEqual([12, 345]);
  expect(readGuardLine(guardLine([]).trimEnd())).toEqual([]);
  for (let length = 0; length < line.length; length++)
    expect(readGuardLine(line.slice(0, length))).toBeNull();
});
