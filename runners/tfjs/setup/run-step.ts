import { spawn } from 'node:child_process';
import { shellWord } from '../../../core/shell-word.ts';
import { AssayError, messageOf } from '../../../core/errors.ts';

/** What a setup works with. */
export interface SetupContext {
  /** Where everything is put; it becomes the folder of the package once that works. */
  folder: string;
  environment: NodeJS.ProcessEnv;
  /** Says what comes next. */
  report: (step: string) => void;
  signal: AbortSignal;
}

/** How a program ended; `missing` where there is no such program. */
export type StepEnd = { status: 'done' } | { status: 'missing' } | { status: 'failed'; said: string };

const mostSaid = 20_000;

/** Runs a program in a folder. Its progress shows on a terminal; what it says on stderr is kept for when it fails. */
export function runStep(
  [program, ...args]: readonly [string, ...string[]],
  { folder, environment, signal }: Omit<SetupContext, 'report'>,
): Promise<StepEnd> {
  const isWindows = process.platform === 'win32';
  // Where npm is a script, Windows starts it by its shell alone, which takes a line and no words.
  const line = [program, ...args].map((word) => shellWord(word, 'win32')).join(' ');
  const child = spawn(isWindows ? line : program, isWindows ? [] : args, {
    cwd: folder,
    env: environment,
    signal,
    shell: isWindows,
    stdio: ['ignore', process.stderr.isTTY ? process.stderr : 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (chunk: string) => (said = (said + chunk).slice(-mostSaid)));
  return new Promise((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (signal.aborted) reject(new AssayError('interrupted', 'Interrupted; nothing was set up.'));
      else
        resolve(
          error.code === 'ENOENT' ? { status: 'missing' } : { status: 'failed', said: messageOf(error) },
        );
    });
    child.on('close', (code) => {
      resolve(code === 0 ? { status: 'done' } : { status: 'failed', said });
    });
  });
}

const networkFaults =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|name resolution|NewConnectionError|NameResolutionError|ConnectTimeout|Network is unreachable|ProxyError|Max retries exceeded/;

/** Lines about errors that say nothing of the reason. */
const empty = /complete log of this run|error code/;

/** Why a program failed, from what it said. */
export function reasonIn(said: string, what: string): string {
  if (networkFaults.test(said)) return `${what} cannot be reached over the network`;
  if (/ENOSPC|No space left/.test(said)) return 'no room is left on the disk';
  const lines = said.split('\n').map((line) => line.trim());
  const told = lines.filter((line) => line !== '' && !empty.test(line));
  return told.find((line) => /error/i.test(line)) ?? told.at(-1) ?? 'it gave no reason';
}
