import { readFileSync, readlinkSync } from 'node:fs';
import os from 'node:os';

/** What tells whether a process id of a lock means a process that can be seen from here. */
export interface Machine {
  host: string;
  /** Of the start of its kernel, which containers share; null where the system does not tell. */
  boot: string | null;
  /** Of the processes that see each other: containers have their own. Null where the system does not tell. */
  pidNamespace: string | null;
  /** When it was started, in milliseconds since 1970. */
  startedMs: number;
}

export function thisMachine(): Machine {
  return {
    host: os.hostname(),
    boot: orNull(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidNamespace: orNull(() => readlinkSync('/proc/self/ns/pid')),
    startedMs: Date.now() - 1000 * os.uptime(),
  };
}

/** Only Linux has these, and not in every sandbox. */
function orNull(read: () => string): string | null {
  try {
    return read() || null;
  } catch {
    return null;
  }
}
