import { systemClock, type Clock } from '../../core/clock.ts';
import { hashOf } from '../../core/hash.ts';
import type { Tensors } from '../../core/tensor.ts';
import type { LatencyDesign } from '../../results/compare-latency.ts';
import type { Target } from '../../suites/target.ts';
import type { Form } from '../form.ts';
import { limitsTogether, usualLimits, type Limits } from '../limits.ts';
import { codeOfError } from '../out-of-memory.ts';
import { controlName, type ContenderTimes, type GroupTimes } from './group-times.ts';
import { undecidedNames } from './judge-times.ts';
import type { Contender, TimedContender } from './request.ts';
import { timeInProcess, type ProcessOutcome } from './time-in-process.ts';

export interface TimeGroupRequest {
  target: Target;
  threads: number;
  /** Baseline first. */
  contenders: readonly Contender[];
  inputs: Tensors;
  seed: number;
  design: LatencyDesign;
}

/** So many processes may end early for no contender's own fault before the group is given up. */
const mostLost = 3;
/** What the slowest models are called in a process, at most: first call, warm-up, least rounds, profile. */
const callsOfSlow = 30;

type FailedProcess = Extract<ProcessOutcome, { status: 'failed' }>;

export interface TimeGroupConditions {
  form: Form;
  /** Of one contender; a process that holds several may take as much for each. Those of the form where left out. */
  limits?: Limits;
  signal: AbortSignal;
  clock?: Clock;
}

/**
 * Times a baseline and its variants together, in one fresh process after another, nothing else of ours running. A control,
 * the baseline once more, joins wherever there is something to compare. The evidence is looked at after each planned
 * number of processes; a variant that is decided runs in no further one.
 */
export async function timeGroup(
  request: TimeGroupRequest,
  { clock = systemClock, ...conditions }: TimeGroupConditions,
): Promise<GroupTimes> {
  const { form } = conditions;
  const timing = new GroupTiming(request, conditions);
  const start = clock.nowMs();
  for (const look of request.design.looks) {
    await timing.runProcessesTo(look);
    const elapsedMs = clock.nowMs() - start;
    if (timing.isOver() || !isWithinBudget(elapsedMs, { look, request, form })) break;
  }
  return timing.outcome();
}

/** Whether the next look would be reached in time; each comparison brings its own budget. */
function isWithinBudget(
  elapsedMs: number,
  { look, request, form }: { look: number; request: TimeGroupRequest; form: Form },
): boolean {
  const next = request.design.looks.find((planned) => planned > look);
  if (form.budgetMs === null || next === undefined) return true;
  const comparisons = Math.max(1, request.contenders.length - 1);
  return (elapsedMs / look) * next <= form.budgetMs * comparisons;
}

class GroupTiming {
  readonly #request: TimeGroupRequest;
  readonly #conditions: Omit<TimeGroupConditions, 'clock'>;
  readonly #baseline: Contender;
  readonly #contenders: readonly Contender[];
  readonly #gathered: Map<string, ContenderTimes>;
  readonly #processes: GroupTimes['processes'][number][] = [];
  #running: ReadonlySet<string>;
  #started = 0;
  /** Processes that ended early although each contender runs alone, with the last reason. */
  #lost: { count: number; last: FailedProcess | null } = { count: 0, last: null };

  constructor(request: TimeGroupRequest, conditions: Omit<TimeGroupConditions, 'clock'>) {
    const [baseline, ...variants] = request.contenders;
    if (baseline === undefined) throw new Error('internal: a group without a baseline');
    const control = variants.length === 0 ? [] : [{ ...baseline, name: controlName }];
    this.#request = request;
    this.#conditions = conditions;
    this.#baseline = baseline;
    this.#contenders = [baseline, ...control, ...variants];
    this.#running = new Set(this.#contenders.map(({ name }) => name));
    this.#gathered = new Map(
      this.#contenders.map(({ name }) => [name, { status: 'timed', name, processes: [] }]),
    );
  }

  async runProcessesTo(count: number): Promise<void> {
    while (this.#processes.length < count && this.#canGoOn()) await this.#runProcess(this.#started++);
    const undecided = undecidedNames(this.outcome(), this.#request);
    this.#running = new Set([this.#baseline.name, controlName, ...undecided]);
  }

  /** Nothing is left to decide, or no way to. */
  isOver(): boolean {
    return this.#running.size <= 2 || !this.#canGoOn();
  }

  outcome(): GroupTimes {
    const contenders = [...this.#gathered.values()].map((contender) => this.#explain(contender));
    return { contenders, processes: this.#processes };
  }

  /** Contenders that only fail together have no times and no failure of their own. */
  #explain(contender: ContenderTimes): ContenderTimes {
    const { last } = this.#lost;
    if (contender.status === 'failed' || contender.processes.length > 0 || last === null) return contender;
    const reason = `${last.reason}, with all contenders in one process; each alone runs`;
    return { ...last, name: contender.name, reason };
  }

  #canGoOn(): boolean {
    return !this.#conditions.signal.aborted && this.#isTimed(this.#baseline) && this.#lost.count < mostLost;
  }

  #isTimed({ name }: Contender): boolean {
    return this.#gathered.get(name)?.status === 'timed';
  }

  async #runProcess(index: number): Promise<void> {
    const contenders = this.#contenders.filter(
      (contender) => this.#running.has(contender.name) && this.#isTimed(contender),
    );
    const outcome = await this.#time(contenders, index);
    if (outcome.status === 'failed') {
      const isExplained = await this.#findGuilty(contenders, index);
      if (!isExplained) this.#lost = { count: this.#lost.count + 1, last: outcome };
      return;
    }
    const { epochs, collections, clockSkewMs, fixedBatch } = outcome;
    this.#processes.push({ epochs, collections, clockSkewMs, fixedBatch });
    for (const contender of outcome.contenders) this.#add(contender);
  }

  /** When a process dies, each contender runs by itself: the one that kills it alone is recorded, the others go on. */
  async #findGuilty(contenders: readonly Contender[], index: number): Promise<boolean> {
    let isFound = false;
    for (const contender of contenders) {
      if (this.#conditions.signal.aborted) return true;
      const { name } = contender;
      const outcome = await this.#time([contender], index);
      if (outcome.status === 'failed') this.#gathered.set(name, { ...outcome, name });
      isFound ||= outcome.status === 'failed';
    }
    return isFound;
  }

  #time(contenders: readonly Contender[], index: number): Promise<ProcessOutcome> {
    const { target, threads, inputs, seed } = this.#request;
    const { form, limits = usualLimits(form), signal } = this.#conditions;
    const { epochs, epochMs, warmUpMs, profileMs } = form;
    const maxCallMs = Math.min(form.maxCallMs, limits.timeoutMs / (callsOfSlow * contenders.length));
    // The processes up to the first look are sample enough for a profile.
    const isProfiled = this.#processes.length < (this.#request.design.looks[0] ?? 0);
    const budget = { epochs, epochMs, warmUpMs, profileMs: isProfiled ? profileMs : 0, maxCallMs };
    const request = { target, threads, contenders, inputs, seed: processSeed(seed, index), ...budget };
    return timeInProcess(request, { ...limitsTogether(limits, contenders.length), signal });
  }

  #add(contender: TimedContender): void {
    const known = this.#gathered.get(contender.name);
    if (known?.status !== 'timed') return;
    const { name } = contender;
    this.#gathered.set(
      name,
      contender.status === 'timed'
        ? { ...known, processes: [...known.processes, contender] }
        : {
            ...contender,
            code: contender.code === 'error' ? codeOfError(contender.reason) : contender.code,
            stderrTail: null,
          },
    );
  }
}

function processSeed(seed: number, index: number): number {
  return Number.parseInt(hashOf([seed, index]).slice(0, 8), 16);
}
