import { systemClock, type Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import { createRandom, type Random } from '../../core/random.ts';
import { bindCall } from '../bind-inputs.ts';
import { fixedBatchSize } from '../fixed-batches.ts';
import { loadSettings } from '../load-settings.ts';
import type { Runner, Session } from '../runner.ts';
import { countCollections } from './count-collections.ts';
import { profileCalls } from './profile.ts';
import type { Contender, TimedContender, TimedProcess, TimedRequest } from './request.ts';
import { timeUnit, type Unit } from './unit.ts';
import { warmUp, type WarmUp } from './warm-up.ts';

/** A unit is long enough for the timer and shorter than a scheduler slice, so that most units run undisturbed. */
const unitMs = 1;
const maxCallsPerUnit = 10_000;
/** Calls of a new session that are not counted, at most: they fill caches. */
const mostUncountedCalls = 3;
/** Re-creating large models takes time of its own: epochs end when they took so much more than they should. */
const patience = 1.25;
/** Slow models get at least so many rounds, however short the epochs are. */
const leastRounds = 5;

interface Loaded {
  progress: Progress;
  call: () => unknown;
  session: Session;
}

/** What is known of a contender so far; a failure ends it, the others go on. */
interface Progress {
  contender: Contender;
  warmUp: WarmUp;
  /** A call of each round. */
  rounds: Unit[];
  callMs: Float64Array;
  failure: { code: 'error' | 'timeout'; reason: string } | null;
}

/** The parts that a test replaces. */
export interface TimingEffects {
  runner: Runner;
  clock?: Clock;
}

/**
 * Times all contenders in this process: a first call, warm-up, then epochs that re-create every session and run units in
 * rounds of random order, then tinybench for absolute latency.
 */
export async function timeContenders(request: TimedRequest, effects: TimingEffects): Promise<TimedProcess> {
  const timing = new Timing(request, effects);
  await timing.tryFirstCalls();
  await timing.warmUp();
  await timing.runEpochs();
  await timing.sampleCalls();
  return timing.outcome();
}

class Timing {
  readonly #request: TimedRequest;
  readonly #runner: Runner;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #progress: Progress[];
  readonly #clockStart: { monotonicMs: number; wallMs: number };
  #callsPerUnit = 1;
  #collections = 0;
  #epochs = 0;
  #fixedBatch: number | null = null;

  constructor(request: TimedRequest, { runner, clock = systemClock }: TimingEffects) {
    this.#request = request;
    this.#runner = runner;
    this.#clock = clock;
    this.#random = createRandom(request.seed);
    this.#clockStart = this.#readClocks();
    this.#progress = request.contenders.map((contender) => ({
      contender,
      warmUp: { isSteady: false, ms: 0, callMs: unitMs },
      rounds: [],
      callMs: new Float64Array(),
      failure: null,
    }));
  }

  /** A model that does not load, fails, or is too slow to be timed ends here. */
  async tryFirstCalls(): Promise<void> {
    const { maxCallMs } = this.#request;
    await this.#withEachLoaded(async ({ progress, call }) => {
      const { wallMs } = await timeUnit(call, 1, this.#clock);
      if (wallMs > maxCallMs) progress.failure = { code: 'timeout', reason: tooSlow(wallMs, maxCallMs) };
    });
  }

  /**
   * Warms every contender and learns how many calls make a unit. All contenders get the same number: the first call of a
   * unit finds cold caches, and a unit of fewer calls would seem slower for that alone.
   */
  async warmUp(): Promise<void> {
    const settings = { budgetMs: this.#request.warmUpMs, clock: this.#clock };
    await this.#withEachLoaded(async ({ progress, call }) => {
      progress.warmUp = await warmUp(call, settings);
    });
    const callMs = Math.max(this.#progress[0]?.warmUp.callMs ?? unitMs, 1e-4);
    this.#callsPerUnit = Math.min(maxCallsPerUnit, Math.max(1, Math.round(unitMs / callMs)));
  }

  /** Ends early where the model is so large or slow that an epoch takes longer than it should. */
  async runEpochs(): Promise<void> {
    const { epochs, epochMs } = this.#request;
    const end = this.#clock.nowMs() + patience * epochs * epochMs;
    for (let epoch = 0; epoch < epochs && this.#hasAlive(); epoch++) {
      await this.#withAllLoaded((all) => this.#runEpoch(all));
      this.#epochs++;
      const isLate = this.#clock.nowMs() > end;
      if (isLate && this.#progress.some(({ rounds }) => rounds.length >= leastRounds)) return;
    }
  }

  async sampleCalls(): Promise<void> {
    const { profileMs: ms } = this.#request;
    if (ms <= 0) return;
    await this.#withEachLoaded(async ({ progress, call }) => {
      progress.callMs = await profileCalls(call, { name: progress.contender.name, ms });
    });
  }

  outcome(): TimedProcess {
    const { monotonicMs, wallMs } = this.#readClocks();
    const elapsedMs = monotonicMs - this.#clockStart.monotonicMs;
    return {
      contenders: this.#progress.map(outcomeOf),
      epochs: this.#epochs,
      collections: this.#collections,
      clockSkewMs: Math.abs(wallMs - this.#clockStart.wallMs - elapsedMs),
      fixedBatch: this.#fixedBatch,
    };
  }

  #readClocks(): { monotonicMs: number; wallMs: number } {
    return { monotonicMs: this.#clock.nowMs(), wallMs: Date.parse(this.#clock.timestamp()) };
  }

  async #runEpoch(all: readonly Loaded[]): Promise<void> {
    const uncounted = Math.min(mostUncountedCalls, this.#callsPerUnit);
    for (const { progress, call } of all)
      await this.#guard(progress, () => timeUnit(call, uncounted, this.#clock));
    this.#collections += await countCollections(async () => {
      const end = this.#clock.nowMs() + this.#request.epochMs;
      do await this.#runRound(all);
      while (this.#hasAlive() && this.#clock.nowMs() < end);
    });
  }

  /** One unit of each contender in random order: the entries of a round are paired. */
  async #runRound(all: readonly Loaded[]): Promise<void> {
    for (const { progress, call } of this.#random.shuffle(all)) {
      await this.#guard(progress, async () => {
        const { wallMs, cpuMs } = await timeUnit(call, this.#callsPerUnit, this.#clock);
        progress.rounds.push({ wallMs: wallMs / this.#callsPerUnit, cpuMs: cpuMs / this.#callsPerUnit });
      });
    }
  }

  /** A round of failures takes no time, and would go on for ever. */
  #hasAlive(): boolean {
    return this.#progress.some(({ failure }) => failure === null);
  }

  async #withEachLoaded(use: (loaded: Loaded) => Promise<unknown>): Promise<void> {
    await this.#withAllLoaded(async (all) => {
      for (const loaded of all) await this.#guard(loaded.progress, () => use(loaded));
    });
  }

  /** All contenders in one random order, loaded together. */
  async #withAllLoaded(use: (all: Loaded[]) => Promise<void>): Promise<void> {
    const all: Loaded[] = [];
    for (const progress of this.#random.shuffle(this.#progress)) {
      await this.#guard(progress, async () => {
        all.push(await this.#load(progress));
      });
    }
    await use(all);
    for (const { progress, session } of all) await this.#guard(progress, () => session.close());
  }

  async #load(progress: Progress): Promise<Loaded> {
    const { target, threads, inputs } = this.#request;
    const session = await this.#runner.load(progress.contender.artifact, loadSettings(target, { threads }));
    this.#fixedBatch ??= fixedBatchSize(session.inputs);
    return { progress, session, call: bindCall(session, inputs) };
  }

  /** Does nothing for a contender that failed before; a throw ends this contender only. */
  async #guard(progress: Progress, work: () => Promise<unknown>): Promise<void> {
    if (progress.failure !== null) return;
    try {
      await work();
    } catch (thrown) {
      progress.failure = { code: 'error', reason: messageOf(thrown) };
    }
  }
}

function outcomeOf({ contender: { name }, failure, ...measured }: Progress): TimedContender {
  if (failure !== null) return { status: 'failed', name, ...failure };
  const { warmUp: warmth, rounds, callMs } = measured;
  return {
    status: 'timed',
    name,
    warmUp: { isSteady: warmth.isSteady, ms: warmth.ms },
    roundMs: Float64Array.from(rounds, ({ wallMs }) => wallMs),
    roundCpuMs: Float64Array.from(rounds, ({ cpuMs }) => cpuMs),
    callMs,
  };
}

function tooSlow(callMs: number, maxCallMs: number): string {
  return `one call took ${(callMs / 1000).toFixed(1)} s; this form times calls of at most ${maxCallMs / 1000} s`;
}
