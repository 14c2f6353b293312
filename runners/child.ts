import { fork, type ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { exitInWords, isNoMemory } from '../core/exit-in-words.ts';
import { withoutTelemetry } from '../models/onnx/telemetry.ts';
import { guardChild } from './guard-child.ts';
import { isOutOfMemory } from './out-of-memory.ts';
import { inMebibytes, memoryOf } from './resident-memory.ts';
import { tensorflowEnvironment } from './tfjs/tensorflow-environment.ts';
import { watchMemory, type MemoryWatch } from './watch-memory.ts';

const stderrTailLength = 4000;
/** For what a process that has ended said last; one of its own children may hold its stderr open for longer. */
const patienceMs = 1000;

export interface ChildOptions {
  args?: readonly string[];
  /** Of Node, beside those of this process. */
  nodeOptions?: readonly string[];
  /** Beside that of this process. */
  env?: NodeJS.ProcessEnv;
  /** Of resident memory, in bytes, at each moment: beyond it the process is killed. */
  memoryLimit: () => number;
}

/** How a process ended. */
export interface ChildEnd {
  code: 'crashed' | 'out-of-memory';
  /** In words: `signal SIGSEGV`, `exit code 1`; a whole clause with figures where memory is why. */
  how: string;
}

/** For a record. */
export function reasonOf({ code, how }: ChildEnd): string {
  return code === 'crashed' ? `the process ended by ${how}` : how;
}

/** A process that did not do what it was asked, as records tell it. */
export interface ProcessFailure {
  status: 'failed';
  code: 'crashed' | 'error' | 'out-of-memory' | 'timeout';
  reason: string;
  stderrTail: string | null;
}

/** A forked module of ours. */
export interface Child {
  process: ChildProcess;
  /** Characters it said on stderr so far. */
  saidSoFar: () => number;
  /** The last it said on stderr, from a count of characters on; null where that is nothing. */
  stderrTail: (since?: number) => string | null;
  /** Whether it took more memory than it may so far, for which it is killed. */
  isBeyondMemory: () => Promise<boolean>;
  /** Holds nothing against it from now on that it has taken and given back. */
  forgetMemory: () => void;
  /** Resolves once it has ended and all it said was read. */
  ended: Promise<ChildEnd>;
}

/** Forks a module with structured-clone messages; its stdout and stderr are kept from the terminal. */
export function forkChild(
  module: URL,
  { args = [], nodeOptions = [], env = {}, memoryLimit }: ChildOptions,
): Child {
  const child = fork(fileURLToPath(module), args, {
    serialization: 'advanced',
    execArgv: [...inheritedFlags(), ...nodeOptions],
    env: { ...process.env, ...withoutTelemetry, ...tensorflowEnvironment, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.stdout?.resume();
  const said = listenTo(child);
  const { pid } = child;
  const watch = watchMemory(memoryOf(pid ?? 0), memoryLimit, () => child.kill('SIGKILL'));
  return {
    process: child,
    ...said,
    isBeyondMemory: watch.isBeyond,
    forgetMemory: watch.startAfresh,
    ended: endOf(child, { watch, stderrTail: said.stderrTail }),
  };
}

/** With what Node takes the program itself from the command line: in the next word, or behind an equals sign. */
const programFlag = /^(?:-e|-p|-pe|--eval|--print)(?<inPlace>=|$)/;

/** Flags of this process for Node, less a program among them: a child would run that in place of its module, and so would its own. */
function inheritedFlags(): string[] {
  return process.execArgv.filter((flag, place, all) => {
    const before = programFlag.exec(all[place - 1] ?? '');
    return !programFlag.test(flag) && before?.groups?.inPlace !== '';
  });
}

function listenTo(child: ChildProcess): Pick<Child, 'saidSoFar' | 'stderrTail'> {
  let said = 0;
  let tail = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk.length;
    tail = (tail + chunk).slice(-stderrTailLength);
  });
  return {
    saidSoFar: () => said,
    stderrTail: (since = 0) => {
      const text = since >= said ? '' : tail.slice(since - said).trim();
      return text === '' ? null : text;
    },
  };
}

async function endOf(
  child: ChildProcess,
  { watch, stderrTail }: { watch: MemoryWatch } & Pick<Child, 'stderrTail'>,
): Promise<ChildEnd> {
  if (child.pid === undefined) {
    watch.stop();
    return { code: 'crashed', how: await spawnFault(child) };
  }
  void preferAsVictim(child.pid);
  const endGuard = guardChild(child.pid);
  // A message to a process that has just gone must not end this one.
  child.on('error', () => undefined);
  const [code, signal] = await exitOf(child);
  watch.stop();
  endGuard();
  const shortage = watch.shortage(signal);
  if (shortage !== null) return { code: 'out-of-memory', how: shortage };
  const how = exitInWords(code, signal);
  if (!isNoMemory(code) && !isOutOfMemory(stderrTail() ?? '')) return { code: 'crashed', how };
  const figure = watch.lastBytes() === 0 ? '' : `; it had ${inMebibytes(watch.lastBytes())} when last seen`;
  return { code: 'out-of-memory', how: `the process ended by ${how} for want of memory${figure}` };
}

function spawnFault(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      resolve(error.message);
    });
  });
}

/** Where memory runs out, the kernel is to take a process that is made to be lost, not the command line. */
async function preferAsVictim(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/oom_score_adj`, '500').catch(() => undefined);
}

/** After the end of its output: what a process said last arrives after its exit is told. */
function exitOf(child: ChildProcess): Promise<[code: number | null, signal: NodeJS.Signals | null]> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      const patience = setTimeout(() => {
        resolve([code, signal]);
      }, patienceMs);
      child.once('close', () => {
        clearTimeout(patience);
        resolve([code, signal]);
      });
    });
  });
}
