import { readFileSync, rmSync } from 'node:fs';
import { link, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { AssayError } from '../core/errors.ts';
import { unwritable } from '../core/write-whole.ts';

const holderSchema = z.object({
  pid: z.int().positive(),
  host: z.string(),
  since: z.string(),
  /** When the process started, in ticks since the machine did; null where the system does not tell. */
  startTicks: z.int().nullable().default(null),
});
type Holder = z.output<typeof holderSchema>;

/** Gives the folder back; safe to call twice. */
export type Unlock = () => void;

/** Folders this process holds: its own id in a lock proves nothing, since ids are used again. */
const held = new Set<string>();

/**
 * Takes a results folder for one writer, until released or until this process is gone: a lock whose process is no longer
 * there is taken over. Throws `results-unwritable` with the other's process id where a living one holds it.
 */
export async function lockFolder(folder: string, now: () => string): Promise<Unlock> {
  const file = path.resolve(folder, 'lock.json');
  const { pid } = process;
  const mine: Holder = { pid, host: os.hostname(), since: now(), startTicks: startTicksOf(pid) };
  if (!(await tryToCreate(file, mine))) await takeOver(file, mine);
  held.add(file);
  return () => {
    if (held.delete(file) && isSame(holderOf(file), mine)) rmSync(file, { force: true });
  };
}

/** Written beside and linked into place: whoever finds the lock finds it whole. */
async function tryToCreate(file: string, holder: Holder): Promise<boolean> {
  const written = `${file}.${holder.pid}.new`;
  try {
    await writeFile(written, JSON.stringify(holder));
    await link(written, file);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw await unwritable(file, cause);
  } finally {
    // Where nothing could be written, that is the error to tell.
    await rm(written, { force: true }).catch(() => undefined);
  }
}

/** Moves the stale lock away first. Two may find it: the second then holds the lock of the first, and puts it back. */
async function takeOver(file: string, mine: Holder): Promise<void> {
  const found = holderOf(file);
  if (found !== null && isAlive(found, file)) throw taken(file, found);
  const moved = `${file}.${mine.pid}.old`;
  if (!(await tryToMove(file, moved))) throw taken(file, holderOf(file));
  const holder = holderOf(moved);
  const isStale = isSame(holder, found);
  if (!isStale) await link(moved, file).catch(() => null);
  await rm(moved, { force: true });
  if (!isStale || !(await tryToCreate(file, mine))) throw taken(file, holderOf(file));
}

/** False where another was faster. */
async function tryToMove(file: string, to: string): Promise<boolean> {
  try {
    await rename(file, to);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw await unwritable(file, cause);
  }
}

/** Null where the file is gone or was cut short by a crash. */
function holderOf(file: string): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

function isSame(a: Holder | null, b: Holder | null): boolean {
  return a?.pid === b?.pid && a?.host === b?.host && a?.since === b?.since;
}

/** On another machine nobody can tell; the lock then counts. */
function isAlive({ pid, host, startTicks }: Holder, file: string): boolean {
  if (host !== os.hostname()) return true;
  if (pid === process.pid) return held.has(file);
  const found = startTicksOf(pid);
  if (startTicks !== null && found !== null && found !== startTicks) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Field 22 of Linux's /proc/<pid>/stat; the name of the program, which may hold anything, ends with the last bracket. */
function startTicksOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
    return Number.isInteger(ticks) ? ticks : null;
  } catch {
    return null;
  }
}

function taken(file: string, holder: Holder | null): AssayError {
  const who =
    holder === null ? 'another run' : `process ${holder.pid} on ${holder.host}, since ${holder.since}`;
  const message = `${path.dirname(file)} is being written to by ${who}; one run at a time is accepted.`;
  const hint = `wait for it, use --results <another folder>, or remove ${file} if it is gone`;
  return new AssayError('results-unwritable', message, { hint });
}
