import { siblingModule } from '../../core/package-root.ts';
import { askChild } from '../ask-child.ts';
import type { FootprintProcess, FootprintRequest } from './request.ts';

/** What came of running one variant alone. */
export type FootprintTimes =
  { status: 'measured'; processes: readonly FootprintProcess[] } | { status: 'failed'; reason: string };

export interface FootprintConditions {
  processes: number;
  /** For each process. */
  timeoutMs: number;
  signal: AbortSignal;
}

/** Runs a variant alone in fresh processes, one after another. The first that fails ends it with its reason. */
export async function measureFootprint(
  request: FootprintRequest,
  { processes, timeoutMs, signal }: FootprintConditions,
): Promise<FootprintTimes> {
  const measured: FootprintProcess[] = [];
  while (measured.length < processes) {
    if (signal.aborted) return { status: 'failed', reason: 'the run was interrupted' };
    const module = siblingModule(import.meta.url, './footprint-process');
    const answer = await askChild<FootprintProcess>(module, request, { timeoutMs, signal });
    if (answer.status === 'failed') return { status: 'failed', reason: answer.reason };
    measured.push(answer);
  }
  return { status: 'measured', processes: measured };
}
