/** One rate, tried. */
export interface Trial {
  queriesPerSecond: number;
  isMet: boolean;
}

export interface RateSearch<T extends Trial> {
  /** Where to begin; a rate that is hard to reach but not out of the question. */
  startRate: number;
  /** Rates outside are not tried. */
  lowestRate: number;
  highestRate: number;
  /** The search ends when the highest rate that met and the lowest that did not are within this ratio, e.g. 1.05. */
  tolerance: number;
  mostTrials: number;
  attempt: (queriesPerSecond: number) => Promise<T>;
}

/**
 * Looks for the highest rate that is met: doubles or halves until one is met and one is not, then bisects by the geometric
 * mean (LoadGen's FindPeakPerformance). Returns every trial in order.
 */
export async function findHighestRate<T extends Trial>(search: RateSearch<T>): Promise<T[]> {
  const trials: T[] = [];
  for (let rate = nextRate(trials, search); rate !== null; rate = nextRate(trials, search)) {
    trials.push(await search.attempt(rate));
  }
  return trials;
}

/** The highest rate met; null where none was. */
export function highestMet(trials: readonly Trial[]): number | null {
  const met = trials.filter(({ isMet }) => isMet).map((trial) => trial.queriesPerSecond);
  return met.length === 0 ? null : Math.max(...met);
}

function nextRate<T extends Trial>(trials: readonly T[], search: RateSearch<T>): number | null {
  const { startRate, lowestRate, highestRate, tolerance, mostTrials } = search;
  if (trials.length >= mostTrials || lowestRate > highestRate) return null;
  if (trials.length === 0) return Math.min(highestRate, Math.max(lowestRate, startRate));
  const met = highestMet(trials);
  const missed = Math.min(...trials.filter(({ isMet }) => !isMet).map((trial) => trial.queriesPerSecond));
  if (met === null) return missed <= lowestRate ? null : Math.max(lowestRate, missed / 2);
  if (met >= highestRate) return null;
  if (missed === Infinity) return Math.min(highestRate, met * 2);
  // Chance may let a rate pass above one that did not: there is nothing left to bisect.
  return missed / met <= tolerance ? null : Math.sqrt(met * missed);
}
