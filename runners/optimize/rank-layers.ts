import { systemClock, type Clock } from '../../core/clock.ts';
import type { Layer } from '../../models/explain/layers.ts';
import { leavingOut, type VariantPlan } from '../../models/variant.ts';
import type { Cost, Scorer } from './score-variant.ts';

/** What one layer costs: quantized alone, and what the variant costs with this layer left in float32. */
export interface LayerCost {
  layer: Layer;
  alone: Cost | null;
  without: Cost | null;
  /** Why a cost is null. */
  reason: string | null;
}

export interface RankLimits {
  /** So many layers, those with the most weights first. */
  mostLayers: number;
  /** Test samples each is scored on. */
  mostSamples: number;
  /** No layer is begun after this time. */
  budgetMs: number;
  /** Whether to leave single layers out, too, which takes as long again. */
  both: boolean;
}

export interface RankEffects {
  report: (step: string) => void;
  clock?: Clock;
}

const overBudget = 'the time ended before it was scored';

/**
 * Scores a variant with one layer quantized at a time and, where both are wanted, with all but one. Layers whose outputs move most
 * come first; what was not scored comes last.
 */
export async function rankLayers(
  { plan, layers, scorer }: { plan: VariantPlan; layers: readonly Layer[]; scorer: Scorer },
  limits: RankLimits,
  effects: RankEffects,
): Promise<LayerCost[]> {
  const largest = layers.toSorted((a, b) => b.weights - a.weights).slice(0, limits.mostLayers);
  const scoring = new Scoring({ plan, layers, scorer }, limits, effects);
  const costs: LayerCost[] = [];
  for (const layer of largest)
    costs.push(await scoring.alone(layer, `layer ${costs.length + 1} of ${largest.length}`));
  if (limits.both) for (const cost of costs) await scoring.addWithout(cost);
  return costs.sort((a, b) => (b.alone?.distance ?? -1) - (a.alone?.distance ?? -1));
}

class Scoring {
  readonly #variant: { plan: VariantPlan; layers: readonly Layer[]; scorer: Scorer };
  readonly #effects: Required<RankEffects>;
  readonly #end: number;

  constructor(
    variant: { plan: VariantPlan; layers: readonly Layer[]; scorer: Scorer },
    { budgetMs }: Pick<RankLimits, 'budgetMs'>,
    { report, clock = systemClock }: RankEffects,
  ) {
    this.#variant = variant;
    this.#effects = { report, clock };
    this.#end = clock.nowMs() + budgetMs;
  }

  async alone(layer: Layer, place: string): Promise<LayerCost> {
    const others = this.#variant.layers.map(({ node }) => node).filter((node) => node !== layer.node);
    const found = await this.#score(others, `${place} alone: ${layer.node}`);
    return 'reason' in found
      ? { layer, alone: null, without: null, reason: found.reason }
      : { layer, alone: found, without: null, reason: null };
  }

  async addWithout(cost: LayerCost): Promise<void> {
    if (cost.alone === null) return;
    const found = await this.#score([cost.layer.node], `all layers but ${cost.layer.node}`);
    if ('reason' in found) cost.reason = found.reason;
    else cost.without = found;
  }

  async #score(leftOut: readonly string[], step: string): Promise<Cost | { reason: string }> {
    if (this.#effects.clock.nowMs() >= this.#end) return { reason: overBudget };
    this.#effects.report(step);
    return this.#variant.scorer.score(leavingOut(this.#variant.plan, leftOut));
  }
}
