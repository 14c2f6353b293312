import { createRandom } from '../../core/random.ts';
import { comparePredictions } from '../../tasks/compare/compare-predictions.ts';
import { takeSamples } from '../../tasks/compare/take-samples.ts';
import type { Metric } from '../../tasks/metric.ts';
import { metricById } from '../../tasks/metrics/registry.ts';
import type { TaskKind } from '../../core/task-kind.ts';
import type { ClassificationPredictions, Predictions } from '../../tasks/predictions.ts';
import { drawTexts, drawValues } from '../tasks/compare/draw-predictions.ts';

/** All samples there are, predicted by a baseline and by a worse variant: the true loss is that of the metric on all of them. */
export interface Population {
  metric: Metric;
  baseline: Predictions;
  variant: Predictions;
}

/** So many samples that drawing them with replacement is drawing from all. */
const all = 4000;

/**
 * One population for each way to an interval but that of hits, whose rate is computed exactly elsewhere. There are fewer runs,
 * of no large samples, where a bootstrap takes long.
 */
export const populations: readonly {
  name: string;
  sizes: readonly number[];
  runs: number;
  draw: () => Population;
}[] = [
  { name: 'macro F1', sizes: [30, 100], runs: 40, draw: drawFlips },
  { name: 'the area under the ROC curve', sizes: [30, 100, 300], runs: 600, draw: drawScores },
  {
    name: 'mean squared error',
    sizes: [30, 100, 300],
    runs: 300,
    draw: () => population('mse', drawValues, 0.5),
  },
  { name: 'BLEU', sizes: [30, 100], runs: 40, draw: () => population('bleu', drawTexts, 0.2) },
];

/** How many of some draws from a population pass a margin that is exactly the true loss. */
export function falsePasses(
  { metric, baseline, variant }: Population,
  { samples, runs }: { samples: number; runs: number },
): number {
  const [before, after] = [metric.compute(baseline).value, metric.compute(variant).value];
  const margin = { kind: 'absolute', value: Math.abs((after ?? NaN) - (before ?? NaN)) } as const;
  const random = createRandom(samples);
  let passed = 0;
  for (let run = 0; run < runs; run++) {
    const indices = Int32Array.from({ length: samples }, () => random.below(baseline.ids.length));
    const [first, second] = [takeSamples(baseline, indices), takeSamples(variant, indices)];
    const request = { metric, baseline: first, variant: second, margin, alpha: 0.05, seed: run };
    const verdict = comparePredictions(request)?.verdict;
    if (verdict === 'pass' || verdict === 'improved') passed++;
  }
  return passed;
}

function population(
  id: string,
  draw: (options: { samples: number; noise: number }) => Predictions,
  noise: number,
): Population {
  const [baseline, variant] = [draw({ samples: all, noise: 0 }), draw({ samples: all, noise })];
  return { metric: metricOf(id, baseline.kind), baseline, variant };
}

function metricOf(id: string, kind: TaskKind): Metric {
  return metricById(id, kind);
}

/** Three labels, of 60, 30 and 10 %; the variant changes 12 % of the predictions, mostly for the worse. */
function drawFlips(): Population {
  const random = createRandom(41);
  const other = (label: number): number => (label + 1 + random.below(2)) % 3;
  const expected = Int32Array.from({ length: all }, () => Math.floor(Math.max(0, random.below(10) - 3) / 3));
  const before = expected.map((label) => (random.next() < 0.85 ? label : other(label)));
  const after = before.map((label) => (random.next() < 0.12 ? other(label) : label));
  const of = (predicted: Int32Array, sure: number): ClassificationPredictions => ({
    ...{ kind: 'classification', ids: Array.from(expected, (_, sample) => `s${sample}`) },
    ...{ labels: ['a', 'b', 'c'], expected, predicted },
    probabilities: Float64Array.from({ length: 3 * all }, (_, cell) =>
      predicted[Math.floor(cell / 3)] === cell % 3 ? sure : (1 - sure) / 2,
    ),
  });
  return {
    metric: metricOf('f1-macro', 'classification'),
    baseline: of(before, 0.8),
    variant: of(after, 0.7),
  };
}

/** Two labels ranked by normal scores 1.5 apart, to which the variant adds noise. */
function drawScores(): Population {
  const random = createRandom(43);
  const expected = Int32Array.from({ length: all }, () => random.below(2));
  const scores = Float64Array.from(expected, (label) => 1.5 * (label - 0.5) + random.normal());
  const of = (logits: Float64Array): ClassificationPredictions => {
    const rows = Array.from(logits, (logit) => [1 / (1 + Math.exp(logit)), 1 / (1 + Math.exp(-logit))]);
    return {
      ...{
        kind: 'classification',
        ids: rows.map((_, sample) => `s${sample}`),
        labels: ['no', 'yes'],
        expected,
      },
      predicted: Int32Array.from(logits, (logit) => (logit > 0 ? 1 : 0)),
      probabilities: Float64Array.from(rows.flat()),
    };
  };
  const noisy = scores.map((score) => score + 0.5 * random.normal());
  return { metric: metricOf('roc-auc', 'classification'), baseline: of(scores), variant: of(noisy) };
}
