import type { Clock } from '../../core/clock.ts';
import { median, sortAscending } from '../../core/statistics/quantile.ts';

/** How the warm-up of one contender ended. */
export interface WarmUp {
  /** False where the budget ended before the slope test saw no trend, or before it could be made. */
  isSteady: boolean;
  ms: number;
  /** Median call of the last blocks, in milliseconds. */
  callMs: number;
}

/** Blocks whose medians the slope test looks at. */
const window = 5;
/** A drift over the window of less than this share of the median is no trend. */
const tolerance = 0.01;
/** The whole budget holds this many blocks. */
const blocksOfBudget = 20;
/** A slow model may take so many budgets to give the slope test its blocks. */
const mostBudgets = 5;

/**
 * Calls until the medians of five successive blocks show no trend (Theil-Sen slope over the window below 1 %), or until
 * the budget is spent: not every model on every machine reaches a steady state (Barrett et al., OOPSLA 2017).
 */
export async function warmUp(
  call: () => unknown,
  { budgetMs, clock }: { budgetMs: number; clock: Clock },
): Promise<WarmUp> {
  const start = clock.nowMs();
  const medians: number[] = [];
  let isSteady = false;
  do {
    medians.push(await blockMedian(call, { blockMs: budgetMs / blocksOfBudget, clock }));
    isSteady = hasNoTrend(medians.slice(-window));
  } while (!isSteady && clock.nowMs() - start < (medians.length < window ? mostBudgets : 1) * budgetMs);
  return { isSteady, ms: clock.nowMs() - start, callMs: median(sortAscending(medians.slice(-window))) };
}

async function blockMedian(
  call: () => unknown,
  { blockMs, clock }: { blockMs: number; clock: Clock },
): Promise<number> {
  const end = clock.nowMs() + blockMs;
  const callsMs: number[] = [];
  for (let now = clock.nowMs(); callsMs.length === 0 || now < end;) {
    await call();
    const after = clock.nowMs();
    callsMs.push(after - now);
    now = after;
  }
  return median(sortAscending(callsMs));
}

/** Whether so many medians, evenly spaced, neither rise nor fall. */
function hasNoTrend(medians: readonly number[]): boolean {
  if (medians.length < window) return false;
  const slopes = medians.flatMap((first, from) =>
    medians.slice(from + 1).map((second, ahead) => (second - first) / (ahead + 1)),
  );
  const drift = Math.abs(median(sortAscending(slopes))) * (window - 1);
  return drift <= tolerance * median(sortAscending(medians));
}
