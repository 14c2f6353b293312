import { readFileSync, rmSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { AssayError } from '../core/errors.ts';

const holderSchema = z.object({ pid: z.int().positive(), host: z.string(), since: z.string() });
type Holder = z.output<typeof holderSchema>;

/** Gives the folder back; safe to call twice. */
export type Unlock = () => void;

/**
 * Takes a results folder for one writer, until released or until this process is gone: a lock whose process is no longer
 * there is taken over. Throws `results-unwritable` with the other's process id where a living one holds it.
 */
export async function lockFolder(folder: string, now: () => string): Promise<Unlock> {
  const file = path.join(folder, 'lock.json');
  const mine: Holder = { pid: process.pid, host: os.hostname(), since: now() };
  if (!(await tryToCreate(file, mine))) await takeOver(file, { mine, folder });
  return () => {
    if (holderOf(file)?.pid === mine.pid) rmSync(file, { force: true });
  };
}

async function tryToCreate(file: string, holder: Holder): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(JSON.stringify(holder));
    await handle.close();
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  }
}

/** Moves the stale lock away first: of two who find it, only one succeeds in that. */
async function takeOver(file: string, { mine, folder }: { mine: Holder; folder: string }): Promise<void> {
  const holder = holderOf(file);
  if (holder !== null && isAlive(holder)) throw taken(folder, holder);
  const stale = `${file}.${mine.pid}`;
  await rename(file, stale);
  await rm(stale, { force: true });
  if (!(await tryToCreate(file, mine))) throw taken(folder, holderOf(file));
}

/** Null where the file is gone or was cut short by a crash. */
function holderOf(file: string): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** On another machine nobody can tell; the lock then counts. */
function isAlive({ pid, host }: Holder): boolean {
  if (host !== os.hostname()) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function taken(folder: string, holder: Holder | null): AssayError {
  const who =
    holder === null ? 'another run' : `process ${holder.pid} on ${holder.host}, since ${holder.since}`;
  const message = `${folder} is being written to by ${who}; one run at a time is accepted.`;
  const hint = `wait for it, use --results <another folder>, or remove ${path.join(folder, 'lock.json')} if it is gone`;
  return new AssayError('results-unwritable', message, { hint });
}
