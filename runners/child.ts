import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const stderrTailBytes = 4000;

/** A forked module of ours with what it last said on stderr. */
export interface Child {
  process: ChildProcess;
  stderrTail(): string | null;
  /** Why it ended, in words, once it has: `signal SIGSEGV`, `exit code 1`. */
  ended: Promise<string>;
}

/** A process that did not do what it was asked, as records tell it. */
export interface ProcessFailure {
  status: 'failed';
  code: 'crashed' | 'error' | 'timeout';
  reason: string;
  stderrTail: string | null;
}

/** Forks a module with structured-clone messages; its stdout and stderr are kept from the terminal. */
export function forkChild(module: URL, args: readonly string[] = []): Child {
  const child = fork(fileURLToPath(module), args, {
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let tail = '';
  child.stdout?.resume();
  child.stderr
    ?.setEncoding('utf8')
    .on('data', (chunk: string) => (tail = (tail + chunk).slice(-stderrTailBytes)));
  const ended = new Promise<string>((resolve) => {
    // A spawn that fails, or a message to a process that has just gone, must not end this one.
    child.on('error', (error) => {
      resolve(error.message);
    });
    child.once('exit', (code, signal) => {
      resolve(signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`);
    });
  });
  return { process: child, ended, stderrTail: () => (tail.trim() === '' ? null : tail.trim()) };
}
