import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { packageRoot } from '../../core/package-root.ts';
import { lockFolder } from '../../results/lock.ts';

const now = (): string => '2026-01-01T00:00:00.000Z';
let folder = '';
let file = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'assay-lock-'));
  file = path.join(folder, 'lock.json');
});

function leaveLockOf(pid: number, host = os.hostname()): void {
  writeFileSync(file, JSON.stringify({ pid, host, since: now() }));
}

/** The id of a process that has just ended. */
function goneProcess(): number {
  return spawnSync(process.execPath, ['--eval', '']).pid;
}

test('a claim to a stale lock, left by a process that died in that moment, is a leftover', async () => {
  leaveLockOf(goneProcess());
  writeFileSync(`${file}.claim`, readFileSync(file));
  (await lockFolder(folder, { now })).unlock();
  expect(readdirSync(folder)).toEqual([]);
});

test('while another claims a stale lock, it is not to be had', async () => {
  leaveLockOf(process.ppid);
  writeFileSync(`${file}.claim`, readFileSync(file));
  leaveLockOf(goneProcess());
  await expect(lockFolder(folder, { now })).rejects.toThrow(`process ${process.ppid} on`);
  expect(readdirSync(folder)).toEqual(['lock.json', 'lock.json.claim']);
});

test('a second writer is refused with the process that holds the folder, and gets it once that lets go', async () => {
  const { unlock } = await lockFolder(folder, { now });
  await expect(lockFolder(folder, { now })).rejects.toThrow(`process ${process.pid} on ${os.hostname()}`);
  unlock();
  unlock();
  expect(existsSync(file)).toBe(false);
  (await lockFolder(folder, { now })).unlock();
});

test('the lock of a process that is gone is taken over', async () => {
  leaveLockOf(goneProcess());
  const { unlock } = await lockFolder(folder, { now });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid });
  unlock();
});

test('a lock that a crash cut short is taken over', async () => {
  writeFileSync(file, '{"pid": 1');
  (await lockFolder(folder, { now })).unlock();
});

test('the lock of another machine counts, since nobody here can tell whether it is alive, and says how to break it', async () => {
  leaveLockOf(4711, 'elsewhere');
  await expect(lockFolder(folder, { now })).rejects.toMatchObject({
    code: 'results-unwritable',
    message: expect.stringContaining(`by process 4711 on elsewhere, since ${now()};`) as string,
    hint: expect.stringContaining('assay run --break-lock once you know that it is gone there') as string,
  });
});

test('a lock of another machine is broken where that is asked for, and its run may then write nothing more', async () => {
  leaveLockOf(4711, 'elsewhere');
  const lock = await lockFolder(folder, { now, breakLock: true });
  lock.assertHeld();
  leaveLockOf(4711, 'elsewhere');
  expect(lock.assertHeld).toThrow(`${folder} was taken over by process 4711 on elsewhere, since ${now()}`);
  await expect(lock.nameRun('mine')).rejects.toThrow('was taken over');
  lock.unlock();
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: 4711 });
});

/** As a run in another container, or before a restart, would see it. */
const machine = {
  host: os.hostname(),
  boot: 'b1',
  pidNamespace: 'pid:[1]',
  startedMs: Date.parse('2025-12-31T00:00:00.000Z'),
};

test('the lock of a container that has the name of its host counts, whatever process has its id here', async () => {
  for (const pid of [process.pid, goneProcess()]) {
    writeFileSync(file, JSON.stringify({ ...machine, pid, pidNamespace: 'pid:[2]', since: now() }));
    await expect(lockFolder(folder, { now, machine })).rejects.toMatchObject({
      message: expect.stringContaining(
        `process ${pid} on ${machine.host} (another container, or a machine of the same name), since`,
      ) as string,
      hint: expect.stringContaining('assay run --break-lock once you know that it is gone there') as string,
    });
  }
  const lock = await lockFolder(folder, { now, machine, breakLock: true });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ boot: 'b1', pidNamespace: 'pid:[1]' });
  lock.unlock();
});

test('a lock from before the machine was started again is stale, though its process id is in use', async () => {
  const since = '2025-12-30T00:00:00.000Z';
  writeFileSync(file, JSON.stringify({ ...machine, boot: 'b0', pid: process.ppid, since }));
  (await lockFolder(folder, { now, machine })).unlock();
  expect(readdirSync(folder)).toEqual([]);
});

test('a lock of another start that is younger than this one is of another machine of the same name', async () => {
  writeFileSync(file, JSON.stringify({ ...machine, boot: 'b2', pid: goneProcess(), since: now() }));
  await expect(lockFolder(folder, { now, machine })).rejects.toThrow('a machine of the same name');
});

test('a lock of this container is taken over once its process is gone, and where the system tells of no containers, too', async () => {
  for (const untold of [{}, { boot: null, pidNamespace: null }]) {
    writeFileSync(file, JSON.stringify({ ...machine, ...untold, pid: goneProcess(), since: now() }));
    (await lockFolder(folder, { now, machine: { ...machine, ...untold } })).unlock();
  }
});

/** What a run in PID namespace of its own makes of the lock of this process. */
function lockFromOtherNamespace(): string {
  const script = `
    import { lockFolder } from ${JSON.stringify(path.join(packageRoot, 'results/lock.ts'))};
    console.log(await lockFolder(${JSON.stringify(folder)}, { now: () => '' }).then(() => 'got', ({ message }) => message));`;
  const node = [process.execPath, '--input-type=module-typescript', '--eval', script];
  return spawnSync('unshare', ['--pid', '--fork', '--mount-proc', ...node], { encoding: 'utf8' }).stdout;
}

test('a run in another PID namespace does not take the lock of a living one', async ({ skip }) => {
  const canUnshare = spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'true']).status === 0;
  skip(!canUnshare, 'only root may make a namespace, and not in every container');
  const { unlock } = await lockFolder(folder, { now });
  expect(lockFromOtherNamespace()).toContain(`is being written to by process ${process.pid} on`);
  unlock();
});

test('the lock of a living process of this machine is never broken', async () => {
  leaveLockOf(process.ppid);
  await expect(lockFolder(folder, { now, breakLock: true })).rejects.toThrow(`process ${process.ppid} on`);
});

test('the id of this process in a lock that it does not hold is a leftover: ids are used again', async () => {
  leaveLockOf(process.pid);
  (await lockFolder(folder, { now })).unlock();
});

test('of several that find the same stale lock, one gets the folder', async () => {
  leaveLockOf(goneProcess());
  const script = `
    import { lockFolder } from ${JSON.stringify(path.join(packageRoot, 'results/lock.ts'))};
    process.stdin.once('data', async () => {
      console.log(await lockFolder(${JSON.stringify(folder)}, { now: () => String(process.pid) }).then(() => 'got', () => 'refused'));
    });
    console.log('ready');`;
  const rivals = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--input-type=module-typescript', '--eval', script]),
  );
  onTestFinished(() => {
    for (const rival of rivals) rival.kill();
  });
  const linesOf = rivals.map((rival) => createInterface({ input: rival.stdout })[Symbol.asyncIterator]());
  for (const lines of linesOf) expect(await lines.next()).toMatchObject({ value: 'ready' });
  for (const rival of rivals) rival.stdin.write('go\n');
  const answers = await Promise.all(linesOf.map(async (lines) => (await lines.next()).value as string));
  expect(answers.filter((answer) => answer === 'got')).toHaveLength(1);
  expect(readdirSync(folder)).toEqual(['lock.json']);
});

test('letting go never takes away the lock of another', async () => {
  const { unlock } = await lockFolder(folder, { now });
  leaveLockOf(process.ppid);
  unlock();
  expect(existsSync(file)).toBe(true);
});

test('a folder that is a file is told as such', async () => {
  const notFolder = path.join(folder, 'file');
  writeFileSync(notFolder, '');
  await expect(lockFolder(notFolder, { now })).rejects.toThrow(
    /^Cannot write to .*lock\.json: a part of its path is a file/,
  );
});

test.runIf(process.platform === 'linux')(
  'a living process that has the id of the one that took the lock, but started at another time, does not hold it',
  async () => {
    const lock = { pid: process.ppid, host: os.hostname(), since: now() };
    writeFileSync(file, JSON.stringify(lock));
    await expect(lockFolder(folder, { now })).rejects.toThrow(`process ${process.ppid} on`);
    writeFileSync(file, JSON.stringify({ ...lock, startTicks: 1 }));
    (await lockFolder(folder, { now })).unlock();
  },
);
