import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { createRandom } from '../../core/random.ts';
import { readRuns } from '../../results/read-runs.ts';
import type { StoredRecord } from '../../results/schema.ts';
import { createProject, runTiny, startTiny, type Project } from '../cli/project.ts';

/** Which process of a run is killed: a worker is any that is asked one thing, such as to time a group. */
export type Victim = 'cli' | 'host' | 'worker';
const victims: readonly Victim[] = ['cli', 'host', 'worker'];

/** What is left after a run was disturbed and the same command was given again. */
export interface Aftermath {
  exitCode: number;
  /** How many runs there are, and what is in the newest, without times. */
  runs: number;
  status: string;
  content: Record<string, unknown>;
}

export interface Disturbed extends Aftermath {
  /** What was killed; the command line where there was none of the kind that was chosen. */
  victim: Victim;
  /** When it was killed, in milliseconds after the start. */
  atMs: number;
}

/** Runs once undisturbed. */
export async function runUndisturbed(): Promise<Aftermath> {
  return runToEnd(await createProject());
}

/** Kills a process of a run at a random moment within `withinMs`, waits for the end, and gives the same command again. */
export async function runDisturbed(seed: number, withinMs: number): Promise<Disturbed> {
  const random = createRandom(seed);
  const wanted = victims[random.below(victims.length)] ?? 'cli';
  const atMs = random.next() * withinMs;
  const project = await createProject();
  const victim = await killDuring(project, wanted, atMs);
  const aftermath = await runToEnd(project);
  // It had ended before: that was no kill.
  return victim === null ? runDisturbed(seed, withinMs / 2) : { victim, atMs, ...aftermath };
}

async function runToEnd({ folder }: Project): Promise<Aftermath> {
  const { exitCode } = await runTiny(folder);
  const left = await leftIn(folder);
  await rm(folder, { recursive: true });
  return { exitCode, ...left };
}

async function killDuring({ folder }: Project, wanted: Victim, atMs: number): Promise<Victim | null> {
  const child = startTiny(folder);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let victim: Victim | null = null;
  const timer = setTimeout(() => {
    const found = pidsOf(child.pid ?? 0, wanted);
    victim = found.length === 0 ? 'cli' : wanted;
    for (const pid of found.length === 0 ? [child.pid ?? 0] : found) kill(pid);
  }, atMs);
  await ended;
  clearTimeout(timer);
  return victim;
}

function pidsOf(cli: number, victim: Victim): number[] {
  if (victim === 'cli') return [cli];
  const module = victim === 'host' ? 'pool/host' : '-process';
  return childrenOf(cli).filter((pid) => commandLine(pid).includes(module));
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => readText(`/proc/${name}/status`).includes(`PPid:\t${pid}\n`))
    .map(Number);
}

function commandLine(pid: number): string {
  return readText(`/proc/${pid}/cmdline`);
}

/** Empty where the process is gone. */
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself a moment before.
  }
}

async function leftIn(folder: string): Promise<Pick<Aftermath, 'runs' | 'status' | 'content'>> {
  const { runs } = await readRuns(path.join(folder, 'assay-results'));
  const newest = runs.at(-1);
  const records = newest?.records.map(({ record }) => [record.id, contentOf(record)] as const) ?? [];
  return { runs: runs.length, status: newest?.run.status ?? 'none', content: Object.fromEntries(records) };
}

/** What does not depend on the time a run took. */
function contentOf(record: StoredRecord): unknown {
  if (record.kind === 'cell') return { variant: record.variant.name, outcome: record.outcome };
  if (record.kind === 'scenario') return { variant: record.variant.name, status: record.outcome.status };
  return record.variants.map(({ variant, timed, quality }) => ({
    variant: variant.name,
    status: timed.status,
    quality,
  }));
}
