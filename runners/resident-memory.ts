import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { readTextIfThere, type ReadText } from './read-text.ts';

/** The memory that another process takes. */
export interface ProcessMemory {
  /** In bytes: the most that was resident since the peak was forgotten, or what is resident now where the system tells no peak; null once it is gone, and where the platform has neither /proc nor ps. */
  takenBytes: () => Promise<number | null>;
  /** From now on takes what is resident now for the peak. */
  forgetPeak: () => void;
}

export interface MemoryEffects {
  platform?: NodeJS.Platform;
  readText?: ReadText;
  /** Throws where it may not. */
  writeText?: (file: string, text: string) => void;
}

export function memoryOf(
  pid: number,
  { platform = process.platform, readText = readTextIfThere, writeText = writeFileSync }: MemoryEffects = {},
): ProcessMemory {
  // A program of that name from elsewhere would be started in vain five times a second, beside what is timed.
  if (platform === 'win32') return { takenBytes: () => Promise.resolve(null), forgetPeak: () => undefined };
  if (platform !== 'linux') return { takenBytes: () => printedByPs(pid), forgetPeak: () => undefined };
  let isPeakTold = true;
  const field = (name: string, status: string): number | null =>
    kilobytes(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1]);
  return {
    takenBytes: () => {
      const status = readText(`/proc/${pid}/status`) ?? '';
      const peak = isPeakTold ? field('VmHWM', status) : null;
      return Promise.resolve(peak ?? field('VmRSS', status));
    },
    forgetPeak: () => {
      try {
        writeText(`/proc/${pid}/clear_refs`, '5');
      } catch {
        // A peak that stays for good is that of others.
        isPeakTold = false;
      }
    },
  };
}

async function printedByPs(pid: number): Promise<number | null> {
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
