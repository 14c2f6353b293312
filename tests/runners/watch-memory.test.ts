import { expect, onTestFinished, test } from 'vitest';
import { memoryOf, type ProcessMemory } from '../../runners/resident-memory.ts';
import { watchMemory, type MemoryWatch } from '../../runners/watch-memory.ts';

/** A process of which Linux tells what it has and had at most, in kB; some systems forget no peak. */
function linuxProcess({ canForget = true } = {}): {
  memory: ProcessMemory;
  take: (kilobytes: number) => void;
} {
  let [now, peak] = [0, 0];
  const memory = memoryOf(7, {
    platform: 'linux',
    readText: (file) => (file === '/proc/7/status' ? `VmHWM:\t${peak} kB\nVmRSS:\t${now} kB\n` : null),
    writeText: (file, text) => {
      if (!canForget || file !== '/proc/7/clear_refs' || text !== '5') throw new Error(`no ${file}`);
      peak = now;
    },
  });
  const take = (kilobytes: number): void => {
    now = kilobytes;
    peak = Math.max(peak, now);
  };
  return { memory, take };
}

function watch(memory: ProcessMemory, limitMiB: () => number): MemoryWatch & { kills: () => number } {
  let kills = 0;
  const watching = watchMemory(
    memory,
    () => limitMiB() * 2 ** 20,
    () => kills++,
  );
  onTestFinished(watching.stop);
  return { ...watching, kills: () => kills };
}

test('what was taken between two looks and given back is seen', async () => {
  const { memory, take } = linuxProcess();
  const { isBeyond, kills, shortage } = watch(memory, () => 64);
  take(40 * 1024);
  expect(await isBeyond()).toBe(false);
  take(90 * 1024);
  take(40 * 1024);
  expect([await isBeyond(), await isBeyond(), kills()]).toEqual([true, true, 1]);
  expect(shortage('SIGKILL')).toBe('the process took 90 MiB of memory; 64 MiB are allowed');
});

test('what was given back before a task is not held against it, but against those that ran then', async () => {
  const { memory, take } = linuxProcess();
  let limit = 100;
  const { isBeyond, startAfresh, kills } = watch(memory, () => limit);
  take(90 * 1024);
  take(40 * 1024);
  startAfresh();
  limit = 64;
  expect(await isBeyond()).toBe(false);
  take(90 * 1024);
  take(40 * 1024);
  startAfresh();
  expect([await isBeyond(), kills()]).toEqual([true, 1]);
});

test('where a peak cannot be forgotten, what is taken now counts', async () => {
  const { memory, take } = linuxProcess({ canForget: false });
  const { isBeyond, startAfresh } = watch(memory, () => 64);
  take(60 * 1024);
  take(40 * 1024);
  expect(await memory.takenBytes()).toBe(60 * 2 ** 20);
  startAfresh();
  expect(await memory.takenBytes()).toBe(40 * 2 ** 20);
  expect(await isBeyond()).toBe(false);
});
