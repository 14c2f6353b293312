import { parseTarget, type TargetInput } from '../suites/target.ts';
import { cardsOf } from './pool/cards-of.ts';
import { usableCores } from './usable-cores.ts';

/** Of the workers that were asked for. */
export interface UsefulWorkers {
  count: number;
  /** That the process may use. */
  cores: number;
}

/** Workers beyond the cores only wait for each other, and hold threads and models; those of graphics cards wait for these. */
export function usefulWorkers(
  asked: number | undefined,
  targets: readonly TargetInput[],
  cores = usableCores(),
): UsefulWorkers {
  const cards = new Set(targets.flatMap((given) => cardsOf(parseTarget(given)) ?? []));
  return { count: Math.min(asked ?? cores, Math.max(cores, cards.size)), cores };
}
