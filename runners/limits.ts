import type { Suite } from '../suites/schema.ts';
import type { Form } from './form.ts';

/** What a process may take for one cell before it is ended. */
export interface Limits {
  timeoutMs: number;
  /** Of resident memory. */
  memoryBytes: number;
}

/** What is asked for every suite of a run; what is null is the suite's or the form's to say. */
export interface AskedLimits {
  timeoutMs: number | null;
  memoryBytes: number | null;
}

/** Nobody asks. */
export const noLimits: AskedLimits = { timeoutMs: null, memoryBytes: null };

/** The command line and the system need some, too. */
const shareOfFree = 0.9;

/** The limits of a suite's cells; the usual ones where nobody asks for others. */
export function limitsOf({ limits }: Suite, usual: Limits, asked: AskedLimits): Limits {
  const { timeoutSeconds, memoryMiB } = limits;
  return {
    timeoutMs: asked.timeoutMs ?? (timeoutSeconds === null ? usual.timeoutMs : timeoutSeconds * 1000),
    memoryBytes: asked.memoryBytes ?? (memoryMiB === null ? usual.memoryBytes : memoryMiB * 2 ** 20),
  };
}

/** Where nobody asks for others, by the memory that is free now: what a process of ours takes later does not count against it. */
export function usualLimits({ cellTimeoutMs }: Form): Limits {
  return { timeoutMs: cellTimeoutMs, memoryBytes: freeMemoryBytes() };
}

/** The limits of a process that holds several cells at once. */
export function limitsTogether({ timeoutMs, memoryBytes }: Limits, cells: number): Limits {
  return { timeoutMs, memoryBytes: Math.max(memoryBytes, Math.min(cells * memoryBytes, freeMemoryBytes())) };
}

/** What may be taken of the memory that is free now, within the control group where there is one. */
export function freeMemoryBytes(): number {
  return Math.floor(shareOfFree * process.availableMemory());
}
