import { expect, test } from 'vitest';
import { memoryOf } from '../../runners/resident-memory.ts';

test('where the platform does not tell the memory of a process it is null', async () => {
  expect(await memoryOf(process.pid).takenBytes()).toBeGreaterThan(1e6);
  expect(await memoryOf(process.pid, { platform: 'win32' }).takenBytes()).toBeNull();
});
