import { expect, test } from 'vitest';
import { systemClock } from '../../core/clock.ts';

test('the system clock does not run backwards and tells UTC', () => {
  const before = systemClock.nowMs();
  expect(systemClock.nowMs()).toBeGreaterThanOrEqual(before);
  expect(systemClock.timestamp()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});
