import { expect, test } from 'vitest';
import { residentBytes } from '../../runners/resident-memory.ts';

test('where the platform does not tell the memory of a process it is null', async () => {
  expect(await residentBytes(process.pid)).toBeGreaterThan(1e6);
  expect(await residentBytes(process.pid, 'win32')).toBeNull();
});
