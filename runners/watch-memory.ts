import { countMemoryKills, inMebibytes, type ProcessMemory } from './resident-memory.ts';

/** A look takes some 20 µs of the watcher, and none of the watched. */
const betweenLooksMs = 200;

export interface MemoryWatch {
  stop: () => void;
  /** Looks once more; whether the process took more than it may, and was killed. */
  isBeyond: () => Promise<boolean>;
  /** Looks once more, and holds nothing against the process from now on that it has given back by then. */
  startAfresh: () => void;
  /** What it had at the last look; 0 before the first. */
  lastBytes: () => number;
  /** Why a process that has ended did so for want of memory, with figures; null where it did not, as far as can be told. */
  shortage: (signal: NodeJS.Signals | null) => string | null;
}

/** Looks at the memory of a process now and then, and kills it once that is above the limit. */
export function watchMemory(memory: ProcessMemory, limitBytes: () => number, kill: () => void): MemoryWatch {
  const killsBefore = countMemoryKills();
  let lastBytes = 0;
  let excess: string | null = null;
  const isBeyond = async (): Promise<boolean> => {
    // Of this moment: it may be another one by the time that the system has told.
    const limit = limitBytes();
    const found = await memory.takenBytes();
    if (found === null || excess !== null) return excess !== null;
    lastBytes = found;
    if (found <= limit) return false;
    excess = `the process took ${inMebibytes(found)} of memory; ${inMebibytes(limit)} are allowed`;
    kill();
    return true;
  };
  const timer = setInterval(() => void isBeyond(), betweenLooksMs);
  timer.unref();
  return {
    stop: () => {
      clearInterval(timer);
    },
    isBeyond,
    startAfresh: () => {
      void isBeyond();
      memory.forgetPeak();
    },
    lastBytes: () => lastBytes,
    shortage: (signal) => {
      const isKernel = signal === 'SIGKILL' && (countMemoryKills() ?? 0) > (killsBefore ?? Infinity);
      if (excess !== null || !isKernel) return excess;
      return `the system ran out of memory and killed the process, which had ${inMebibytes(lastBytes)} when last seen`;
    },
  };
}
