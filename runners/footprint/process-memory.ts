import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readTextIfThere, type ReadText } from '../read-text.ts';

/** The memory of this process. */
export interface ProcessMemory {
  residentBytes: () => number;
  /** The most it ever had. */
  peakBytes: () => number;
  /** What JavaScript no longer needs would hide what the model keeps. */
  collectGarbage: () => void;
}

export function createProcessMemory(readText: ReadText = readTextIfThere): ProcessMemory {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  return {
    residentBytes: () => process.memoryUsage.rss(),
    peakBytes: () => highWaterMark(readText) ?? process.resourceUsage().maxRSS * 1024,
    collectGarbage,
  };
}

/** On Linux `maxRSS` begins with that of the parent; the kernel's mark of this very process does not. */
function highWaterMark(readText: ReadText): number | null {
  const kilobytes = /^VmHWM:\s*(\d+) kB$/m.exec(readText('/proc/self/status') ?? '')?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}
