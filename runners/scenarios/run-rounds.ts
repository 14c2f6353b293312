import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { median, sortAscending } from '../../core/statistics/quantile.ts';
import { sum } from '../../core/statistics/summary.ts';

/** One setting of a sweep: a batch size, or a number of threads. */
export interface Setting {
  value: number;
  call: () => unknown;
  /** What other devices do at the same time, for about so long; left out where there are none. */
  beside?: (durationMs: number) => Promise<readonly Round[]>;
}

/** The calls of one setting in one round: of all devices together, for as long as the slowest took. */
export interface Round {
  calls: number;
  durationMs: number;
  /** Of the first device. */
  p50Ms: number;
}

/** What came of a setting: a round each, in the same order for all settings, or why there is none. */
export type Swept =
  | { status: 'measured'; value: number; rounds: readonly Round[] }
  | { status: 'failed'; value: number; reason: string };

export interface RoundsBudget {
  rounds: number;
  /** Of one setting in one round; one call is made however long it takes. */
  roundMs: number;
}

/** Calls of a setting that are not counted at the start of its turn: they fill caches and wake threads. */
const uncountedCalls = 2;

/**
 * Runs every setting once a round, in an order drawn anew each time, so that whatever slows the machine for longer than a
 * round slows all of them. A setting that throws ends; the others go on.
 */
export async function runRounds(
  settings: readonly Setting[],
  { rounds, roundMs }: RoundsBudget,
  { clock, random }: { clock: Pick<Clock, 'nowMs'>; random: Random },
): Promise<Swept[]> {
  const gathered = new Map(settings.map(({ value }) => [value, [] as Round[]]));
  const failures = new Map<number, string>();
  for (let round = 0; round < rounds; round++) {
    for (const setting of random.shuffle(settings.filter((one) => !failures.has(one.value)))) {
      try {
        const turn = (): Promise<Round> => runTurn(setting.call, roundMs, clock);
        gathered.get(setting.value)?.push(together(await withOthers(turn, setting.beside?.(roundMs))));
      } catch (thrown) {
        failures.set(setting.value, messageOf(thrown));
      }
    }
  }
  return settings.map(({ value }) => {
    const reason = failures.get(value);
    if (reason !== undefined) return { status: 'failed', value, reason };
    return { status: 'measured', value, rounds: gathered.get(value) ?? [] };
  });
}

/** Runs this device's part while the others, already started, do theirs; what goes wrong is thrown when all have come to rest. */
export async function withOthers<Result>(
  run: () => Promise<Result>,
  beside: Promise<readonly Round[]> = Promise.resolve([]),
): Promise<[Result, readonly Round[]]> {
  const [own, others] = await Promise.allSettled([run(), beside]);
  if (own.status === 'rejected') throw own.reason;
  if (others.status === 'rejected') throw others.reason;
  return [own.value, others.value];
}

function together([own, others]: [Round, readonly Round[]]): Round {
  const all = [own, ...others];
  return {
    calls: sum(all.map(({ calls }) => calls)),
    durationMs: Math.max(...all.map(({ durationMs }) => durationMs)),
    p50Ms: own.p50Ms,
  };
}

/** Calls one setting over and over for so long, and at least once. */
export async function runTurn(
  call: () => unknown,
  roundMs: number,
  clock: Pick<Clock, 'nowMs'>,
): Promise<Round> {
  for (let uncounted = 0; uncounted < uncountedCalls; uncounted++) await call();
  const callsMs: number[] = [];
  const start = clock.nowMs();
  let before = start;
  do {
    await call();
    const after = clock.nowMs();
    callsMs.push(after - before);
    before = after;
  } while (before - start < roundMs);
  return {
    calls: callsMs.length,
    durationMs: before - start,
    p50Ms: median(sortAscending(callsMs)),
  };
}
