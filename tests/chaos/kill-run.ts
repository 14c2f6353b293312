import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createRandom } from '../../core/random.ts';
import { readRuns } from '../../results/read-runs.ts';
import type { StoredRecord } from '../../results/schema.ts';
import { createProject, runCli, startCli, type Project } from '../cli/project.ts';

/** Which process of a run is killed. */
export const victims = ['cli', 'host', 'timed-process'] as const;
export type Victim = (typeof victims)[number];

/** What is left after a run was disturbed and the same command was given again. */
export interface Aftermath {
  victim: Victim;
  /** When it was killed, in milliseconds after the start. */
  atMs: number;
  exitCode: number;
  /** How many runs there are, and what is in the newest, without times. */
  runs: number;
  status: string;
  content: Record<string, unknown>;
}

const command = ['run', '--quick', 'mine.suite.json'] as const;

/** Runs once undisturbed. */
export async function runUndisturbed(): Promise<Aftermath> {
  const { folder } = await createProject();
  const { exitCode } = await runCli(folder, ...command);
  return { victim: 'cli', atMs: Infinity, exitCode, ...(await leftIn(folder)) };
}

/** Kills a process of a run at a random moment within `withinMs`, waits for the end, and gives the same command again. */
export async function runDisturbed(seed: number, withinMs: number): Promise<Aftermath> {
  const random = createRandom(seed);
  const victim = victims[Math.floor(random.next() * victims.length)] ?? 'cli';
  const atMs = random.next() * withinMs;
  const project = await createProject();
  await killDuring(project, victim, atMs);
  const { exitCode } = await runCli(project.folder, ...command);
  return { victim, atMs, exitCode, ...(await leftIn(project.folder)) };
}

async function killDuring({ folder }: Project, victim: Victim, atMs: number): Promise<void> {
  const child = startCli(folder, ...command);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const timer = setTimeout(() => {
    for (const pid of victimsOf(child.pid ?? 0, victim)) kill(pid);
  }, atMs);
  await ended;
  clearTimeout(timer);
}

/** The wanted processes below the command line, or itself where there are none at the moment. */
function victimsOf(cli: number, victim: Victim): number[] {
  const found = victim === 'cli' ? [] : childrenOf(cli).filter((pid) => commandLine(pid).includes(victim));
  return found.length === 0 ? [cli] : found;
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
  const runs = await readRuns(path.join(folder, 'assay-results'));
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
