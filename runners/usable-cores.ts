import os from 'node:os';
import { cpuControlGroups } from './control-groups.ts';
import { readTextIfThere, type ReadText } from './read-text.ts';

/** What this process may use of the machine's processors. */
export interface Processor {
  /** Of `usableCores`. */
  cores: number;
  /** Of `allowedProcessors`. */
  allowed: readonly number[] | null;
}

export function readProcessor(readText: ReadText = readTextIfThere): Processor {
  return { cores: usableCores(readText), allowed: allowedProcessors(readText) };
}

/** Threads that can compute at a time in this process, by its affinity and its quota; at least one. */
export function usableCores(
  readText: ReadText = readTextIfThere,
  allowed: number = os.availableParallelism(),
): number {
  return Math.max(1, Math.min(allowed, Math.floor(cpuQuota(readText) ?? Infinity)));
}

/**
 * Cores' worth of time that control groups leave to this process, the least of those that it lies in; null where none limits it. Node
 * knows those of version 2 and some of version 1.
 */
export function cpuQuota(readText: ReadText): number | null {
  const quotas = cpuControlGroups(readText).flatMap((folder) => quotaOf(folder, readText));
  return quotas.length === 0 ? null : Math.min(...quotas);
}

/** Version 2 tells quota and period in one file, version 1 in two. */
function quotaOf(folder: string, readText: ReadText): number[] {
  const unified = readText(`${folder}/cpu.max`)?.trim().split(' ');
  const [quota, period] =
    unified ?? ['quota', 'period'].map((name) => readText(`${folder}/cpu.cfs_${name}_us`)?.trim() ?? '');
  const cores = Number(quota) / Number(period);
  return cores > 0 && Number.isFinite(cores) ? [cores] : [];
}

/** Numbers of the processors that this process may run on, which need not begin at 0; null where the platform does not tell. */
export function allowedProcessors(readText: ReadText): number[] | null {
  const list = /^Cpus_allowed_list:\s*([\d,-]+)$/m.exec(readText('/proc/self/status') ?? '')?.[1];
  return list === undefined ? null : list.split(',').flatMap(numbersOf);
}

/** `4-7`, or a number alone. */
function numbersOf(range: string): number[] {
  const [first = 0, last = first] = range.split('-').map(Number);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
