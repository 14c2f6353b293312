import { fewestQueries } from '../../core/statistics/early-stopping.ts';
import type { ScenarioResult, ServerAttempt } from '../../results/scenario-schema.ts';
import type { ScenarioBudget } from '../form.ts';
import { findHighestRate, highestMet } from './find-highest-rate.ts';
import { serverReasons } from './mlperf-rules.ts';
import { tryRate, type Bound, type Server } from './try-rate.ts';

export type FoundRate = Pick<
  Extract<ScenarioResult, { scenario: 'server' }>,
  'attempts' | 'bestQueriesPerSecond' | 'invalidReasons'
>;

export interface RateSettings extends Bound {
  budget: Pick<ScenarioBudget, 'attemptMs' | 'mostAttempts' | 'durationMs'>;
  seed: number;
}

const tolerance = 1.05;
/** A slow server gets so many times the time of an attempt to reach the queries that early stopping needs. */
const mostTimes = 4;
/** So many late queries must not fail an attempt by themselves. */
const toleratedLate = 5;
/** A rate is not looked for below this share of what the workers can answer. */
const leastShare = 1 / 256;
/** Where a rate fails when it is confirmed, these shares of it are tried next. */
const backOff = [1, 0.95, 0.85] as const;

/**
 * Searches the highest rate that meets the bound, with one pattern of arrivals at every rate so that attempts differ by
 * their rate alone, then confirms it for longer with other arrivals: the rate that passed once by chance does not stand.
 */
export async function findServerRate(settings: RateSettings, server: Server): Promise<FoundRate> {
  const { budget, seed } = settings;
  const lowestRate = Math.max(leastRate(settings), server.capacity * leastShare);
  const searched = await findHighestRate<ServerAttempt>({
    startRate: server.capacity / 2,
    lowestRate,
    highestRate: server.capacity * 2,
    tolerance,
    mostTrials: budget.mostAttempts,
    attempt: (rate) => {
      const queries = queriesOf(rate, budget.attemptMs, settings);
      return tryRate({ purpose: 'search', queriesPerSecond: rate, queries, seed }, settings, server);
    },
  });
  const confirmations = await confirm(highestMet(searched), settings, server);
  const confirmed = confirmations.find(({ isMet }) => isMet) ?? null;
  return {
    attempts: [...searched, ...confirmations],
    bestQueriesPerSecond: confirmed?.queriesPerSecond ?? null,
    invalidReasons: serverReasons(confirmed, whyNone(searched, settings, server)),
  };
}

async function confirm(
  found: number | null,
  settings: RateSettings,
  server: Server,
): Promise<ServerAttempt[]> {
  const attempts: ServerAttempt[] = [];
  if (found === null) return attempts;
  for (const [step, share] of backOff.entries()) {
    const rate = found * share;
    const queries = queriesOf(rate, settings.budget.durationMs, settings);
    const seed = settings.seed + 1 + step;
    const trial = { purpose: 'confirmation', queriesPerSecond: rate, queries, seed } as const;
    const attempt = await tryRate(trial, settings, server);
    attempts.push(attempt);
    if (attempt.isMet) break;
  }
  return attempts;
}

/** As many as the time holds, and where that are few, enough for early stopping with some late ones. */
function queriesOf(rate: number, durationMs: number, { probability, budget }: RateSettings): number {
  const expected = (rate * durationMs) / 1000;
  // Four standard deviations more, so that the arrivals take the whole time.
  const inTime = Math.ceil(expected + 4 * Math.sqrt(expected));
  const affordable = Math.ceil((rate * mostTimes * budget.attemptMs) / 1000);
  const wanted = fewestQueries(probability, toleratedLate);
  return Math.max(inTime, Math.min(wanted, affordable), fewestQueries(probability, 0));
}

/** The lowest rate whose attempt is long enough for early stopping. */
function leastRate({ probability, budget }: RateSettings): number {
  return (fewestQueries(probability, 0) * 1000) / (mostTimes * budget.attemptMs);
}

function whyNone(searched: readonly ServerAttempt[], settings: RateSettings, server: Server): string {
  const { probability, latencyBoundMs, budget } = settings;
  if (searched.length === 0) {
    const needed = fewestQueries(probability, 0);
    const seconds = (mostTimes * budget.attemptMs) / 1000;
    return `early stopping takes ${needed} queries; in the ${seconds} s of an attempt the workers answer about ${Math.floor(server.capacity * seconds)}`;
  }
  const found = highestMet(searched);
  if (found !== null)
    return `${Math.round(found)} queries/s met the bound once, and not when it was confirmed`;
  const lowest = Math.min(...searched.map(({ queriesPerSecond }) => queriesPerSecond));
  return `no rate down to ${Math.round(lowest)} queries/s met the bound of ${latencyBoundMs} ms`;
}
