import { countMemoryKills, inMebibytes, residentBytes } from './resident-memory.ts';

/** A look takes some 20 µs of the watcher, and none of the watched. */
const betweenLooksMs = 200;

export interface MemoryWatch {
  stop: () => void;
  /** What it had at the last look; 0 before the first. */
  lastBytes: () => number;
  /** Why a process that has ended did so for want of memory, with figures; null where it did not, as far as can be told. */
  shortage: (signal: NodeJS.Signals | null) => string | null;
}

/** Looks at the resident memory of a process now and then, and kills it once that is above the limit. */
export function watchMemory(pid: number, limitBytes: () => number, kill: () => void): MemoryWatch {
  const killsBefore = countMemoryKills();
  let lastBytes = 0;
  let excess: string | null = null;
  const look = async (): Promise<void> => {
    const found = await residentBytes(pid);
    if (found === null || excess !== null) return;
    lastBytes = found;
    const limit = limitBytes();
    if (found <= limit) return;
    excess = `the process took ${inMebibytes(found)} of memory; ${inMebibytes(limit)} are allowed`;
    kill();
  };
  const timer = setInterval(() => void look(), betweenLooksMs);
  timer.unref();
  return {
    stop: () => {
      clearInterval(timer);
    },
    lastBytes: () => lastBytes,
    shortage: (signal) => {
      const isKernel = signal === 'SIGKILL' && (countMemoryKills() ?? 0) > (killsBefore ?? Infinity);
      if (excess !== null || !isKernel) return excess;
      return `the system ran out of memory and killed the process, which had ${inMebibytes(lastBytes)} when last seen`;
    },
  };
}
