import { hashOf } from '../../core/hash.ts';
import type { Tensors } from '../../core/tensor.ts';
import type { Target } from '../../suites/target.ts';
import type { Form } from '../form.ts';
import type { Contender, TimedContender } from './request.ts';
import { timeInProcess, type ProcessOutcome } from './time-in-process.ts';

type Timed = Extract<TimedContender, { status: 'timed' }>;

/** The name under which the baseline runs a second time. */
export const controlName = 'control (baseline again)';

export interface TimeGroupRequest {
  target: Target;
  threads: number;
  /** Baseline first. */
  contenders: readonly Contender[];
  inputs: Tensors;
  seed: number;
}

/** What came of one contender over all processes: one entry a process, or the first failure. */
export type ContenderTimes =
  | { status: 'timed'; name: string; processes: readonly Timed[] }
  | {
      status: 'failed';
      name: string;
      code: 'crashed' | 'error' | 'timeout';
      reason: string;
      stderrTail: string | null;
    };

/**
 * Times a baseline and its variants together, in one fresh process after another, nothing else of ours running. A control,
 * the baseline once more, joins wherever there is something to compare.
 */
export async function timeGroup(
  request: TimeGroupRequest,
  form: Form,
  signal: AbortSignal,
): Promise<ContenderTimes[]> {
  const [baseline, ...variants] = request.contenders;
  if (baseline === undefined) throw new Error('internal: a group without a baseline');
  const control = variants.length === 0 ? [] : [{ ...baseline, name: controlName }];
  const contenders = [baseline, ...control, ...variants];
  const gathered = new Map<string, ContenderTimes>(
    contenders.map(({ name }) => [name, { status: 'timed', name, processes: [] }]),
  );
  for (let index = 0; index < form.processes && !signal.aborted; index++) {
    const alive = contenders.filter(({ name }) => gathered.get(name)?.status === 'timed');
    if (!alive.includes(baseline)) break;
    const seed = processSeed(request.seed, index);
    await timeOnce({ ...request, contenders: alive, seed }, { form, signal }, gathered);
  }
  return [...gathered.values()];
}

function processSeed(seed: number, index: number): number {
  return Number.parseInt(hashOf([seed, index]).slice(0, 8), 16);
}

interface Conditions {
  form: Form;
  signal: AbortSignal;
}

async function timeOnce(
  request: TimeGroupRequest,
  conditions: Conditions,
  gathered: Map<string, ContenderTimes>,
): Promise<void> {
  const outcome = await timeTogether(request, conditions);
  if (outcome.status === 'ok') for (const contender of outcome.contenders) add(gathered, contender);
  else await findGuilty(request, conditions, gathered);
}

function timeTogether(request: TimeGroupRequest, { form, signal }: Conditions): Promise<ProcessOutcome> {
  const { epochs, epochMs, warmupMs, profileMs, cellTimeoutMs: timeoutMs } = form;
  return timeInProcess({ ...request, epochs, epochMs, warmupMs, profileMs }, { timeoutMs, signal });
}

/** When a process dies, each contender runs by itself: the one that kills it alone is recorded, the others go on. */
async function findGuilty(
  request: TimeGroupRequest,
  conditions: Conditions,
  gathered: Map<string, ContenderTimes>,
): Promise<void> {
  for (const contender of request.contenders) {
    if (conditions.signal.aborted) return;
    const { name } = contender;
    const outcome = await timeTogether({ ...request, contenders: [contender] }, conditions);
    if (outcome.status === 'failed') gathered.set(name, { ...outcome, name });
  }
}

function add(gathered: Map<string, ContenderTimes>, contender: TimedContender): void {
  const known = gathered.get(contender.name);
  if (known?.status !== 'timed') return;
  const { name } = contender;
  if (contender.status === 'timed')
    gathered.set(name, { ...known, processes: [...known.processes, contender] });
  else
    gathered.set(name, { status: 'failed', name, code: 'error', reason: contender.reason, stderrTail: null });
}
