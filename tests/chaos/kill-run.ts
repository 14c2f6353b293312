import { existsSync, readdirSync, readFileSync } from 'node:fs';
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
  victim: Victim;
  /** Of the command that was given again. */
  stderr: string;
  /** When it was killed, in milliseconds after the start. */
  atMs: number;
  /** Records that were there before the kill, and what is in their files at the end. */
  finished: Files;
  finishedAtEnd: Files;
}

/** Text of files by their path in the results folder; null where one is gone. */
type Files = Record<string, string | null>;

type Kill = Pick<Disturbed, 'atMs' | 'finished'>;

/** Runs once undisturbed. */
export async function runUndisturbed(): Promise<Aftermath> {
  return runToEnd(await createProject());
}

/** Kills a process of a run at a random moment within `withinMs`, waits for the end, and gives the same command again. */
export async function runDisturbed(seed: number, withinMs: number): Promise<Disturbed> {
  const random = createRandom(seed);
  const victim = victims[random.below(victims.length)] ?? 'cli';
  const project = await createProject();
  const killed = await killDuring(project, victim, () => random.next() * withinMs);
  const { exitCode, stderr } = await runTiny(project.folder);
  const left = await leftIn(project.folder);
  const finishedAtEnd = readAgain(project, Object.keys(killed?.finished ?? {}));
  await rm(project.folder, { recursive: true });
  // It had ended before: that was no kill.
  return killed === null
    ? runDisturbed(seed, withinMs * 0.8)
    : { victim, ...killed, exitCode, stderr, ...left, finishedAtEnd };
}

async function runToEnd({ folder }: Project): Promise<Aftermath> {
  const { exitCode } = await runTiny(folder);
  const left = await leftIn(folder);
  await rm(folder, { recursive: true });
  return { exitCode, ...left };
}

/** Another moment is drawn, from then on, where there is no process of the kind; null where the run ended before. */
async function killDuring(project: Project, victim: Victim, drawMs: () => number): Promise<Kill | null> {
  const child = startTiny(project.folder);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const start = performance.now();
  let killed: Kill | null = null;
  let timer: NodeJS.Timeout;
  const attempt = (): void => {
    const found = pidsOf(child.pid ?? 0, victim);
    if (found.length === 0) {
      timer = setTimeout(attempt, drawMs() / 4);
      return;
    }
    killed = { atMs: performance.now() - start, finished: readRecords(project) };
    for (const pid of found) kill(pid);
  };
  timer = setTimeout(attempt, drawMs());
  await ended;
  clearTimeout(timer);
  return killed;
}

function readRecords({ folder }: Pick<Project, 'folder'>): Files {
  const runs = path.join(folder, 'assay-results/runs');
  if (!existsSync(runs)) return {};
  const names = readdirSync(runs, { recursive: true, encoding: 'utf8' });
  const records = names.filter((name) => name.includes('/records/') && name.endsWith('.json'));
  return readAgain({ folder }, records);
}

function readAgain({ folder }: Pick<Project, 'folder'>, names: readonly string[]): Files {
  const textOf = (name: string): string | null =>
    readText(path.join(folder, 'assay-results/runs', name)) || null;
  return Object.fromEntries(names.map((name) => [name, textOf(name)]));
}

function pidsOf(cli: number, victim: Victim): number[] {
  if (victim === 'cli') return [cli];
  const module = victim === 'host' ? 'host.js' : '-process';
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
