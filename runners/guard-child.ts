import { spawn } from 'node:child_process';
import { Socket } from 'node:net';

/** Reads until the pipe is closed, which the end of the writer does, however it ends. Ctrl-C in a terminal reaches the shell, too. */
const script = 'trap "" INT TERM HUP; read -r _; kill -9 "$0"';

/**
 * Kills a child of this process once this process is gone, `kill -9` included. Code that is busy in the child, native or not, sees neither
 * the end of its channel nor a signal that Node handles; and a timer in the child would run beside what is timed. So a shell waits for it,
 * asleep. Does nothing where there is no `sh`. Returns what ends the guard.
 */
export function guardChild(pid: number): () => void {
  const guard = spawn('sh', ['-c', script, String(pid)], { stdio: ['pipe', 'ignore', 'ignore'] });
  guard.on('error', () => undefined);
  guard.unref();
  if (guard.stdin instanceof Socket) guard.stdin.unref();
  return () => void guard.kill('SIGKILL');
}
