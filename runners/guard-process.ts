/** Entry of the guard: kills whom it was told last, once whoever told it is gone. */
import { createInterface } from 'node:readline';
import { readGuardLine } from './guard-line.ts';

let pids: readonly number[] = [];

// Ctrl-C in a terminal reaches the guard, too.
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);

createInterface({ input: process.stdin })
  .on('line', (line) => {
    pids = readGuardLine(line) ?? pids;
  })
  .on('close', () => {
    pids.forEach(kill);
  });

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
