import { siblingModule } from '../../core/package-root.ts';
import { askChild, type ChildConditions } from '../ask-child.ts';
import type { FootprintProcess, FootprintRequest } from './request.ts';

/** What came of running one variant alone. */
export type FootprintTimes =
  { status: 'measured'; processes: readonly FootprintProcess[] } | { status: 'failed'; reason: string };

/** The limits are those of each process. */
export type FootprintConditions = ChildConditions & { processes: number };

/** Runs a variant alone in fresh processes, one after another. The first that fails ends it with its reason. */
export async function measureFootprint(
  request: FootprintRequest,
  { processes, ...conditions }: FootprintConditions,
): Promise<FootprintTimes> {
  const measured: FootprintProcess[] = [];
  while (measured.length < processes) {
    if (conditions.signal.aborted) return { status: 'failed', reason: 'the run was interrupted' };
    const module = siblingModule(import.meta.url, './footprint-process');
    const answer = await askChild<FootprintProcess>(module, request, conditions);
    if (answer.status === 'failed') return { status: 'failed', reason: answer.reason };
    measured.push(answer);
  }
  return { status: 'measured', processes: measured };
}
