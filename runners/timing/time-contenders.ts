import { Bench } from 'tinybench';
import { systemClock, type Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import { createRandom, type Random } from '../../core/random.ts';
import { median, sortAscending } from '../../core/statistics/quantile.ts';
import { bindInputs } from '../bind-inputs.ts';
import type { Runner, Session } from '../runner.ts';
import type { Contender, TimedContender, TimedRequest } from './request.ts';

/** A unit is long enough for the timer and shorter than a scheduler slice, so that most units run undisturbed. */
const unitMs = 1;
const maxCallsPerUnit = 10_000;

interface Loaded {
  contender: Contender;
  call: () => Promise<unknown>;
  session: Session;
}

/** What is known of a contender so far; a failure ends it, the others go on. */
interface Progress {
  contender: Contender;
  loadMs: number;
  firstCallMs: number;
  roundMs: number[];
  callMs: Float64Array;
  failure: string | null;
}

/** The parts that a test replaces. */
export interface TimingEffects {
  runner: Runner;
  clock?: Clock;
}

/**
 * Times all contenders in this process: load and first call, warm-up, then epochs that re-create every session and run
 * units in rounds of random order, then tinybench for absolute latency.
 */
export async function timeContenders(
  request: TimedRequest,
  effects: TimingEffects,
): Promise<TimedContender[]> {
  const timing = new Timing(request, effects);
  await timing.loadInRandomOrder();
  await timing.warmUp();
  for (let epoch = 0; epoch < request.epochs; epoch++) await timing.runEpoch();
  await timing.sampleCalls();
  return timing.outcomes();
}

class Timing {
  readonly #request: TimedRequest;
  readonly #runner: Runner;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #progress: Progress[];
  #callsPerUnit = 1;

  constructor(request: TimedRequest, { runner, clock = systemClock }: TimingEffects) {
    this.#request = request;
    this.#runner = runner;
    this.#clock = clock;
    this.#random = createRandom(request.seed);
    this.#progress = request.contenders.map((contender) => ({
      contender,
      loadMs: 0,
      firstCallMs: 0,
      roundMs: [],
      callMs: new Float64Array(),
      failure: null,
    }));
  }

  async loadInRandomOrder(): Promise<void> {
    for (const progress of this.#random.shuffle(this.#progress)) {
      await this.#guard(progress, async () => {
        const start = this.#clock.nowMs();
        const loaded = await this.#load(progress.contender);
        progress.loadMs = this.#clock.nowMs() - start;
        progress.firstCallMs = await this.#timeUnit(loaded, 1);
        await loaded.session.close();
      });
    }
  }

  /**
   * Runs every contender for its warm-up time and learns how many calls make a unit. All contenders get the same number:
   * the first call of a unit finds cold caches, and a unit of fewer calls would seem slower for that alone.
   */
  async warmUp(): Promise<void> {
    const medians = new Map<Contender, number>();
    await this.#withAllLoaded(async (all) => {
      for (const loaded of all) {
        await this.#guard(this.#progressOf(loaded), async () => {
          medians.set(loaded.contender, await this.#warmOne(loaded));
        });
      }
    });
    const [baseline] = this.#request.contenders;
    const callMs = (baseline === undefined ? undefined : medians.get(baseline)) ?? unitMs;
    this.#callsPerUnit = Math.min(maxCallsPerUnit, Math.max(1, Math.round(unitMs / callMs)));
  }

  async runEpoch(): Promise<void> {
    await this.#withAllLoaded(async (all) => {
      for (const loaded of all) await this.#guard(this.#progressOf(loaded), () => this.#timeUnit(loaded, 3));
      const end = this.#clock.nowMs() + this.#request.epochMs;
      do await this.#runRound(all);
      while (this.#hasAlive() && this.#clock.nowMs() < end);
    });
  }

  async sampleCalls(): Promise<void> {
    if (this.#request.profileMs <= 0) return;
    await this.#withAllLoaded(async (all) => {
      for (const loaded of this.#random.shuffle(all)) {
        const progress = this.#progressOf(loaded);
        await this.#guard(progress, async () => {
          progress.callMs = await this.#profile(loaded);
        });
      }
    });
  }

  outcomes(): TimedContender[] {
    return this.#progress.map(({ contender: { name }, failure, ...measured }): TimedContender => {
      if (failure !== null) return { status: 'failed', name, reason: failure };
      const { loadMs, firstCallMs, callMs } = measured;
      return {
        status: 'timed',
        name,
        loadMs,
        firstCallMs,
        callMs,
        roundMs: Float64Array.from(measured.roundMs),
      };
    });
  }

  async #profile(loaded: Loaded): Promise<Float64Array> {
    const bench = new Bench({
      time: this.#request.profileMs,
      warmup: false,
      retainSamples: true,
      throws: true,
    });
    bench.add(loaded.contender.name, loaded.call);
    const [task] = await bench.run();
    const result = task?.result;
    if (result?.state !== 'completed') throw new Error(`tinybench ended as "${result?.state ?? 'nothing'}"`);
    return Float64Array.from(result.latency.samples ?? []);
  }

  /** One unit of each contender in random order: the entries of a round are paired. */
  async #runRound(all: readonly Loaded[]): Promise<void> {
    const times = new Map<Loaded, number>();
    for (const loaded of this.#random.shuffle(all)) {
      const progress = this.#progressOf(loaded);
      await this.#guard(progress, async () => {
        times.set(loaded, (await this.#timeUnit(loaded, this.#callsPerUnit)) / this.#callsPerUnit);
      });
    }
    for (const [loaded, callMs] of times) this.#progressOf(loaded).roundMs.push(callMs);
  }

  /** A round of failures takes no time, and would go on for ever. */
  #hasAlive(): boolean {
    return this.#progress.some(({ failure }) => failure === null);
  }

  /** The median call of the warm-up, in milliseconds. */
  async #warmOne(loaded: Loaded): Promise<number> {
    const end = this.#clock.nowMs() + this.#request.warmupMs;
    const callsMs: number[] = [];
    do callsMs.push(await this.#timeUnit(loaded, 1));
    while (this.#clock.nowMs() < end);
    return Math.max(median(sortAscending(callsMs)), 1e-4);
  }

  async #timeUnit(loaded: Loaded, calls: number): Promise<number> {
    const start = this.#clock.nowMs();
    for (let call = 0; call < calls; call++) await loaded.call();
    return this.#clock.nowMs() - start;
  }

  async #withAllLoaded(use: (all: Loaded[]) => Promise<void>): Promise<void> {
    const all: Loaded[] = [];
    for (const progress of this.#random.shuffle(this.#progress)) {
      await this.#guard(progress, async () => {
        all.push(await this.#load(progress.contender));
      });
    }
    await use(all);
    for (const { session } of all) await session.close();
  }

  async #load(contender: Contender): Promise<Loaded> {
    const { target, threads, inputs } = this.#request;
    const session = await this.#runner.load(contender.artifact, { device: target.device, threads });
    const run = bindInputs(session, inputs);
    return { contender, session, call: () => run(inputs) };
  }

  /** Does nothing for a contender that failed before; a throw ends this contender only. */
  async #guard(progress: Progress, work: () => Promise<unknown>): Promise<void> {
    if (progress.failure !== null) return;
    try {
      await work();
    } catch (thrown) {
      progress.failure = messageOf(thrown);
    }
  }

  #progressOf(loaded: Loaded): Progress {
    const found = this.#progress.find(({ contender }) => contender === loaded.contender);
    if (found === undefined) throw new Error('internal: an unknown contender');
    return found;
  }
}
