import { findLeavingPass, layersOf, type Layer } from '../../models/explain/layers.ts';
import type { OnnxModel } from '../../models/onnx/model.ts';
import { leavingOut, type VariantPlan } from '../../models/variant.ts';
import type { Margin } from '../../results/policy.ts';
import type { Comparison } from '../../tasks/compare/comparison.ts';
import type { Predictions } from '../../tasks/predictions.ts';
import { holds, judgeCandidates, scoreAlike, type Tried } from './judge-candidates.ts';
import { predictVariant, type Bench } from './predict-variant.ts';
import { rankLayers, type RankLimits } from './rank-layers.ts';
import type { Scorer } from './score-variant.ts';

export interface SearchRequest {
  bench: Bench;
  baseline: Predictions;
  /** Null for a TF.js model, of which no single layers can be left out. */
  model: OnnxModel | null;
  plans: readonly VariantPlan[];
  maxDrop: Margin;
  /** Made when layers are to be ranked. */
  scorer: () => Promise<Scorer>;
  limits: RankLimits;
  report: (step: string) => void;
}

/** A variant that could not be judged, and why. */
export interface Unjudged {
  variant: string;
  status: 'not-applicable' | 'failed';
  reason: string;
}

/** Everything that was tried, in that order. */
export interface SearchOutcome {
  tried: readonly { candidate: Tried; comparison: Comparison | null }[];
  unjudged: readonly Unjudged[];
  /** Of some variant that loses nothing on any sample the loss is not proven to be within the margin. */
  areSamplesTooFew: boolean;
}

/**
 * Tries each variant as it is and, where its loss is not proven to be within the margin, leaves ever more of its most sensitive layers
 * in float32 until it is: the number is doubled, then narrowed down.
 */
export async function search(request: SearchRequest): Promise<SearchOutcome> {
  const searching = new Search(request);
  for (const plan of request.plans) await searching.variant(plan);
  return searching.outcome();
}

class Search {
  readonly #request: SearchRequest;
  readonly #tried: Tried[] = [];
  readonly #unjudged: Unjudged[] = [];
  #scorer: Promise<Scorer> | null = null;
  #areSamplesTooFew = false;

  constructor(request: SearchRequest) {
    this.#request = request;
  }

  async variant(plan: VariantPlan): Promise<void> {
    const whole = await this.#try(plan, []);
    const layers = whole === 'unmade' ? [] : this.#layersOf(plan);
    if (whole !== 'beyond' || layers.length < 2) return;
    if (this.#losesNothing()) this.#areSamplesTooFew = true;
    else await this.#narrow(plan, await this.#rank(plan, layers));
  }

  outcome(): SearchOutcome {
    const { baseline, bench, maxDrop } = this.#request;
    const judged = judgeCandidates(baseline, this.#tried, { ...bench, maxDrop });
    const tried = this.#tried.map((candidate, index) => ({ candidate, comparison: judged[index] ?? null }));
    return { tried, unjudged: this.#unjudged, areSamplesTooFew: this.#areSamplesTooFew };
  }

  /** Whether the last one tried scores every sample as the baseline does: less of it quantized would prove no more. */
  #losesNothing(): boolean {
    const { baseline, bench } = this.#request;
    const last = this.#tried.at(-1);
    return last !== undefined && scoreAlike(baseline, last.predictions, bench);
  }

  /** Most sensitive first. */
  async #rank(plan: VariantPlan, layers: readonly Layer[]): Promise<string[]> {
    const { scorer: makeScorer, limits, report } = this.#request;
    const scorer = await (this.#scorer ??= makeScorer());
    const costs = await rankLayers({ plan, layers, scorer }, { ...limits, both: false }, { report });
    return costs.filter(({ alone }) => alone !== null).map(({ layer }) => layer.node);
  }

  /** At least one layer stays quantized: without any, the variant is its baseline. */
  async #narrow(plan: VariantPlan, ranked: readonly string[]): Promise<void> {
    const most = ranked.length - 1;
    let [beyond, within] = [0, most + 1];
    while (within - beyond > 1) {
      const doubled = Math.min(Math.max(1, 2 * beyond), most);
      const count = within > most ? doubled : Math.floor((beyond + within) / 2);
      if ((await this.#try(plan, ranked.slice(0, count))) === 'within') within = count;
      else beyond = count;
    }
  }

  async #try(plan: VariantPlan, leftOut: readonly string[]): Promise<'within' | 'beyond' | 'unmade'> {
    const { bench, baseline, maxDrop, report } = this.#request;
    const leaving = leavingOut(plan, leftOut);
    report(
      leftOut.length === 0 ? `trying ${plan.name}` : `trying ${plan.name} but for ${leftOut.join(', ')}`,
    );
    const found = await predictVariant(leaving, bench);
    if (found.status !== 'predicted') {
      this.#unjudged.push({ variant: leaving.name, ...found });
      return 'unmade';
    }
    const { path, variant, predictions } = found;
    this.#tried.push({ path, variant, predictions, leftOut });
    const judged = judgeCandidates(baseline, this.#tried, { ...bench, maxDrop });
    return holds(judged.at(-1) ?? null) ? 'within' : 'beyond';
  }

  #layersOf(plan: VariantPlan): Layer[] {
    const { model } = this.#request;
    const pass = findLeavingPass(plan);
    return model === null || pass === null ? [] : layersOf(model, pass);
  }
}
