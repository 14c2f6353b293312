import { hashOf } from '../../core/hash.ts';
import type { Tensors } from '../../core/tensor.ts';
import type { Target } from '../../suites/target.ts';
import type { Form } from '../form.ts';
import type { Contender, TimedContender } from './request.ts';
import { timeInProcess } from './time-in-process.ts';

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

async function timeOnce(
  request: TimeGroupRequest,
  { form, signal }: { form: Form; signal: AbortSignal },
  gathered: Map<string, ContenderTimes>,
): Promise<void> {
  const { epochs, epochMs, warmupMs, profileMs } = form;
  const outcome = await timeInProcess(
    { ...request, epochs, epochMs, warmupMs, profileMs },
    { timeoutMs: form.cellTimeoutMs, signal },
  );
  if (outcome.status === 'failed') {
    for (const { name } of request.contenders) gathered.set(name, { ...outcome, name });
    return;
  }
  for (const contender of outcome.contenders) add(gathered, contender);
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
