import { expect, test } from 'vitest';
import { moveIntoPlace, type MoveEffects } from '../../core/move-into-place.ts';

/** Refuses so many renames as the system does where a file is in use. */
function refusing(times: number, code: string): MoveEffects & { waitedMs: number[]; tried: () => number } {
  const waitedMs: number[] = [];
  let tried = 0;
  return {
    waitedMs,
    tried: () => tried,
    rename: () => {
      tried++;
      const refused = Object.assign(new Error(code), { code });
      return tried <= times ? Promise.reject(refused) : Promise.resolve();
    },
    wait: (ms) => Promise.resolve(waitedMs.push(ms)),
  };
}

test('on Windows, a file that another program has open is waited for, longer each time', async () => {
  const busy = refusing(3, 'EPERM');
  await moveIntoPlace('a', 'b', { ...busy, platform: 'win32' });
  expect(busy.tried()).toBe(4);
  expect(busy.waitedMs).toEqual(busy.waitedMs.toSorted((a, b) => a - b));
});

test.for([
  ['one that stays in use is told after two seconds', 'win32', 'EBUSY', 9],
  ['what is no file in use is told at once', 'win32', 'ENOENT', 1],
  ['elsewhere a file in use is no obstacle, and a refusal is one', 'linux', 'EPERM', 1],
] as const)('%s', async ([, platform, code, tries]) => {
  const stuck = refusing(Infinity, code);
  await expect(moveIntoPlace('a', 'b', { ...stuck, platform })).rejects.toMatchObject({ code });
  expect(stuck.tried()).toBe(tries);
  expect(stuck.waitedMs.reduce((sum, ms) => sum + ms, 0)).toBe(tries === 9 ? 2000 : 0);
});
