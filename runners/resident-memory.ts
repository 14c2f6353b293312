import { execFile } from 'node:child_process';
import { readTextIfThere } from './read-text.ts';

/** Resident memory of a process in bytes; null once it is gone, and where the platform has neither /proc nor ps. */
export async function residentBytes(
  pid: number,
  platform: NodeJS.Platform = process.platform,
): Promise<number | null> {
  // A program of that name from elsewhere would be started in vain five times a second, beside what is timed.
  if (platform === 'win32') return null;
  if (platform === 'linux')
    return kilobytes(/^VmRSS:\s*(\d+) kB$/m.exec(readTextIfThere(`/proc/${pid}/status`) ?? '')?.[1]);
  const printed = await new Promise<string>((resolve) => {
    execFile('ps', ['-o', 'rss=', '-p', String(pid)], (_, stdout) => {
      resolve(stdout.trim());
    });
  });
  return kilobytes(printed);
}

function kilobytes(text: string | undefined): number | null {
  return text === undefined || !/^\d+$/.test(text) ? null : Number(text) * 1024;
}

/** How many processes the kernel has killed for want of memory; null where it does not tell. */
export function countMemoryKills(): number | null {
  const counted = /^oom_kill (\d+)$/m.exec(readTextIfThere('/proc/vmstat') ?? '')?.[1];
  return counted === undefined ? null : Number(counted);
}

/** For people. */
export function inMebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}
