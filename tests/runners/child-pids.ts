import { readdirSync, readFileSync } from 'node:fs';

/** Children of this process whose command line holds a text, as Linux tells them. */
export function childPids(text: string): number[] {
  const children = readdirSync('/proc/self/task').flatMap((task) =>
    readFileSync(`/proc/self/task/${task}/children`, 'utf8').trim().split(' '),
  );
  return children.filter((pid) => pid !== '' && commandLine(pid).includes(text)).map(Number);
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** CPU time a process has taken, in ticks of 10 ms; 0 where it is gone. */
export function cpuTicks(pid: number): number {
  try {
    const [, ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
    return Number(fields.join(') ').split(' ')[11]);
  } catch {
    return 0;
  }
}

/** Whether a process runs; one that has ended and waits for its parent's question does not. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
