import { textsOf } from '../../../core/ids.ts';
import { createRandom, type Random } from '../../../core/random.ts';
import { comparisonAt } from '../../../tasks/compare/compare-predictions.ts';
import type { Margin } from '../../../tasks/compare/comparison.ts';
import { takeSamples } from '../../../tasks/compare/take-samples.ts';
import type { Metric } from '../../../tasks/metric.ts';
import type { Predictions } from '../../../tasks/predictions.ts';
import { clusterSize } from './clustered-population.ts';
import { type Everyone, metricOf } from './population.ts';

/** How often draws of some size are judged wrongly where the margin is exactly the true loss. */
export interface Simulation {
  everyone: Everyone;
  metric: string;
  samples: number;
  runs: number;
  /** 1 - confidence level, two-sided; every draw is judged at each. */
  alphas: readonly number[];
  margin?: Margin['kind'];
}

/** Counts of runs, one for each alpha. */
export interface FalseDecisions {
  /** A variant as bad as the margin passes or is improved. */
  passes: number[];
  /** A variant no worse than the margin is said to be beyond it. */
  regressions: number[];
}

export function falseDecisions(simulation: Simulation): FalseDecisions {
  const { samples, runs, alphas } = simulation;
  const setting = settingOf(simulation);
  const [passes, regressions] = [alphas.map(() => 0), alphas.map(() => 0)];
  const random = createRandom(samples);
  for (let run = 0; run < runs; run++) {
    const [baseline, variant] = drawPair(setting, samples, random);
    const at = comparisonAt({ metric: setting.metric, baseline, variant, margin: setting.margin, seed: run });
    if (at === null) continue;
    for (const [index, alpha] of alphas.entries()) {
      const { verdict } = at(alpha);
      const wrong = { pass: passes, improved: passes, regressed: regressions, inconclusive: null }[verdict];
      if (wrong !== null) wrong[index] = (wrong[index] ?? 0) + 1;
    }
  }
  return { passes, regressions };
}

interface Setting {
  metric: Metric;
  baseline: Predictions;
  variant: Predictions;
  margin: Margin;
}

/** Of the two the better one is the baseline, so that there is a loss to tolerate. */
function settingOf({ everyone, metric: id, margin: kind = 'absolute' }: Simulation): Setting {
  const { baseline, variant } = everyone;
  const metric = metricOf(id, baseline.kind);
  const [before = NaN, after = NaN] = [baseline, variant].map((one) => metric.compute(one).value ?? NaN);
  const isWorse = metric.direction === 'lower-is-better' ? after > before : after < before;
  const loss = Math.abs(after - before);
  const reference = Math.abs(isWorse ? before : after);
  return {
    metric,
    ...(isWorse ? { baseline, variant } : { baseline: variant, variant: baseline }),
    margin: { kind, value: kind === 'absolute' ? loss : loss / reference },
  };
}

/** Samples drawn with replacement, whole clusters of them where they come in clusters. */
export function drawPair(
  { baseline, variant }: Pick<Setting, 'baseline' | 'variant'>,
  samples: number,
  random: Random,
): [Predictions, Predictions] {
  const size = baseline.clusters === undefined ? 1 : clusterSize;
  const firsts = Int32Array.from(
    { length: samples / size },
    () => random.below(baseline.ids.length / size) * size,
  );
  const indices = Int32Array.from(
    { length: samples },
    (_, sample) => (firsts[Math.floor(sample / size)] ?? 0) + (sample % size),
  );
  const drawn = (from: Predictions): Predictions => {
    const taken = takeSamples(from, indices);
    if (taken.clusters === undefined) return taken;
    const names = textsOf(taken.ids).map((_, sample) => `${Math.floor(sample / size)}`);
    return { ...taken, clusters: { ...taken.clusters, names } };
  };
  return [drawn(baseline), drawn(variant)];
}
