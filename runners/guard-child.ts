import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { siblingModule } from '../core/package-root.ts';
import { guardLine } from './guard-line.ts';

const guarded = new Set<number>();
let guard: ChildProcess | null = null;

/**
 * Kills a child of this process once this process is gone, `kill -9` included. Code that is busy in the child, native or not, sees neither
 * the end of its channel nor a signal that Node handles; and a thread of its own would take 17 MiB of what is measured, and processor time
 * beside it. So one more process waits for the end of this one, asleep, and is told whom to kill. Returns what ends that.
 */
export function guardChild(pid: number): () => void {
  guarded.add(pid);
  tellGuard();
  return () => {
    guarded.delete(pid);
    tellGuard();
  };
}

function tellGuard(): void {
  guard ??= startGuard();
  guard.stdin?.write(guardLine(guarded));
}

/** Neither it nor its pipe, whose end is what it waits for, keeps this process alive. */
function startGuard(): ChildProcess {
  const module = fileURLToPath(siblingModule(import.meta.url, './guard-process'));
  const started = spawn(process.execPath, [module], {
    stdio: ['pipe', 'ignore', 'ignore'],
    windowsHide: true,
  });
  const forget = (): void => {
    if (guard === started) guard = null;
  };
  started.on('error', forget).on('exit', forget).unref();
  started.stdin.on('error', forget);
  if (started.stdin instanceof Socket) started.stdin.unref();
  return started;
}
