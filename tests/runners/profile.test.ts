import { expect, test } from 'vitest';
import { profileCalls } from '../../runners/timing/profile.ts';

const briefly = { name: 'model', ms: 1 };

test('no asynchronous call is begun before the one before it has ended, so that no sample is taken beside another', async () => {
  let [running, most, calls] = [0, 0, 0];
  const samples = await profileCalls(async () => {
    calls++;
    most = Math.max(most, ++running);
    await new Promise(setImmediate);
    running--;
  }, briefly);
  expect(most).toBe(1);
  expect(calls).toBe(samples.length + 1);
});

test('of a synchronous call, all but the first are samples', async () => {
  let calls = 0;
  const samples = await profileCalls(() => calls++, briefly);
  expect(samples.length).toBeGreaterThanOrEqual(8);
  expect(calls).toBe(samples.length + 1);
});

test('a call that throws ends the profile with what it says', async () => {
  await expect(profileCalls(() => Promise.reject(new Error('out of memory')), briefly)).rejects.toThrow(
    'out of memory',
  );
});
