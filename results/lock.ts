import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { AssayError } from '../core/errors.ts';
import { writeWhole } from '../core/write-whole.ts';
import { createOnce } from './create-once.ts';
import { thisMachine, type Machine } from './this-machine.ts';

const holderSchema = z.object({
  pid: z.int().positive(),
  host: z.string(),
  /** As of `Machine`; null, too, where an older Assay wrote the lock. */
  boot: z.string().nullable().default(null),
  pidNamespace: z.string().nullable().default(null),
  since: z.string(),
  /** When the process started, in ticks since the machine did; null where the system does not tell. */
  startTicks: z.int().nullable().default(null),
  /** The run it writes; null before that is known. */
  run: z.string().nullable().default(null),
});
type Holder = z.output<typeof holderSchema>;

/** A results folder that this process may write to. */
export interface FolderLock {
  /** Tells readers which run is under way. */
  nameRun: (run: string) => Promise<void>;
  /** Throws `results-unwritable` where another broke the lock: what is written from then on is theirs. */
  assertHeld: () => void;
  /** Gives the folder back; safe to call twice. */
  unlock: () => void;
}

export interface LockEffects {
  now: () => string;
  /** Takes over from another machine, of which nobody here can tell whether it is still writing. */
  breakLock?: boolean;
  machine?: Machine;
}

/** Folders this process holds: its own id in a lock proves nothing, since ids are used again. */
const held = new Set<string>();

/**
 * Takes a results folder for one writer, until released or until this process is gone: a lock whose process is no longer
 * there is taken over. Throws `results-unwritable` with the other's process id where a living one holds it, or one of another
 * machine whose lock is not to be broken.
 */
export async function lockFolder(
  folder: string,
  { now, breakLock = false, machine = thisMachine() }: LockEffects,
): Promise<FolderLock> {
  const file = lockFile(folder);
  const { pid } = process;
  const { host, boot, pidNamespace } = machine;
  const startTicks = startTicksOf(pid);
  const mine: Holder = { pid, host, boot, pidNamespace, since: now(), startTicks, run: null };
  if (!(await tryToCreate(file, mine))) await takeOver(file, mine, { breakLock, machine });
  held.add(file);
  const assertHeld = (): void => {
    const found = holderOf(file);
    if (found !== null && !isSame(found, mine)) throw broken(file, found, machine);
  };
  return {
    nameRun: async (run) => {
      assertHeld();
      await writeWhole(file, (to) => to.writeFile(JSON.stringify({ ...mine, run })));
    },
    assertHeld,
    unlock: () => {
      if (held.delete(file) && isSame(holderOf(file), mine)) rmSync(file, { force: true });
    },
  };
}

/** The run that is being written in a results folder right now, as far as can be told from here; null where none is. */
export function writtenRun(folder: string): string | null {
  const file = lockFile(folder);
  const holder = holderOf(file);
  return holder !== null && mayBeAlive(holder, file, thisMachine()) ? holder.run : null;
}

function lockFile(folder: string): string {
  return path.resolve(folder, 'lock.json');
}

function tryToCreate(file: string, holder: Holder): Promise<boolean> {
  return createOnce(file, JSON.stringify(holder));
}

/**
 * Puts this process's lock in the place of a stale one, which is never gone in between: a newcomer would take the free place. Of
 * several that find it stale, one claims it.
 */
async function takeOver(
  file: string,
  mine: Holder,
  { breakLock, machine }: { breakLock: boolean; machine: Machine },
): Promise<void> {
  const claim = `${file}.claim`;
  if (!(await tryToClaim(claim, mine, machine))) throw taken(file, holderOf(claim), machine);
  held.add(claim);
  try {
    const found = holderOf(file);
    const isBroken = breakLock && found !== null && placeOf(found, machine) === 'elsewhere';
    if (found !== null && !isBroken && mayBeAlive(found, file, machine)) throw taken(file, found, machine);
    if (existsSync(file)) await writeWhole(file, (to) => to.writeFile(JSON.stringify(mine)));
    else if (!(await tryToCreate(file, mine))) throw taken(file, holderOf(file), machine);
  } finally {
    held.delete(claim);
    rmSync(claim, { force: true });
  }
}

/** A claim is held for a moment; one whose process died in it is a leftover. */
async function tryToClaim(claim: string, mine: Holder, machine: Machine): Promise<boolean> {
  if (await tryToCreate(claim, mine)) return true;
  const holder = holderOf(claim);
  if (holder !== null && mayBeAlive(holder, claim, machine)) return false;
  rmSync(claim, { force: true });
  return tryToCreate(claim, mine);
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
  const isOfHost = a?.host === b?.host && a?.pidNamespace === b?.pidNamespace;
  return isOfHost && a?.pid === b?.pid && a?.since === b?.since;
}

type Place = 'here' | 'elsewhere' | 'before the last start';

/** Containers may share the name of their host, and machines one name: their processes cannot be seen from here. */
function placeOf({ host, boot, pidNamespace, since }: Holder, machine: Machine): Place {
  if (host !== machine.host) return 'elsewhere';
  if (boot !== null && boot !== machine.boot)
    return Date.parse(since) < machine.startedMs ? 'before the last start' : 'elsewhere';
  return pidNamespace !== null && pidNamespace !== machine.pidNamespace ? 'elsewhere' : 'here';
}

/** Elsewhere nobody can tell; the lock then counts. */
function mayBeAlive(holder: Holder, file: string, machine: Machine): boolean {
  const { pid, startTicks } = holder;
  const place = placeOf(holder, machine);
  if (place !== 'here') return place === 'elsewhere';
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

function taken(file: string, holder: Holder | null, machine: Machine): AssayError {
  const who = holder === null ? 'another run' : describe(holder, machine);
  const message = `${path.dirname(file)} is being written to by ${who}; one run at a time is accepted.`;
  const last =
    holder !== null && placeOf(holder, machine) === 'elsewhere'
      ? 'assay run --break-lock once you know that it is gone there'
      : `remove ${file} if that process is no run of Assay`;
  const hint = `wait for it, use --results <another folder>, or ${last}`;
  return new AssayError('results-unwritable', message, { hint });
}

function broken(file: string, by: Holder, machine: Machine): AssayError {
  const message = `${path.dirname(file)} was taken over by ${describe(by, machine)}, while this run wrote to it.`;
  const hint = 'what was finished is kept; wait for the other run, then give the same command again';
  return new AssayError('results-unwritable', message, { hint });
}

function describe(holder: Holder, machine: Machine): string {
  const { pid, host, since } = holder;
  const isNamesake = host === machine.host && placeOf(holder, machine) === 'elsewhere';
  const whose = isNamesake ? ' (another container, or a machine of the same name)' : '';
  return `process ${pid} on ${host}${whose}, since ${since}`;
}
