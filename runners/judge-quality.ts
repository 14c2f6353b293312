import { isForEveryMetric, plainMargin } from '../results/policy.ts';
import type { Flips, GroupRecord } from '../results/schema.ts';
import type { ComparisonRequest } from '../tasks/compare/compare-predictions.ts';
import { classSlices, compareSlices } from '../tasks/compare/compare-slices.ts';
import { compareVariants } from '../tasks/compare/compare-variants.ts';
import { countFlips } from '../tasks/compare/flips.ts';
import { outputDistance } from '../tasks/compare/output-distance.ts';
import { metricById } from '../tasks/metrics/registry.ts';
import type { Predictions } from '../tasks/predictions.ts';
import type { PredictionsByCell } from './evaluate-cells.ts';
import { baselineOf, type PreparedGroup } from './prepare-cells.ts';

/** What a variant's predictions tell beside its baseline's. */
export type JudgedQuality = Pick<
  GroupRecord['variants'][number],
  'quality' | 'flips' | 'distance' | 'slices'
>;

/** Of a baseline, and of a variant without predictions. */
export const nothingToCompare: JudgedQuality = { quality: [], flips: null, distance: null, slices: [] };

const maxIds = 1000;

/**
 * Judges the metrics of the suite that its margin holds for on the same samples, all variants of the group together,
 * baseline left out.
 */
export function judgeQuality(
  group: PreparedGroup,
  predictions: PredictionsByCell,
): Map<string, JudgedQuality> {
  const baseline = predictions.get(baselineOf(group).job.id)?.predictions;
  const pairs = group.cells.flatMap((cell) => {
    const variant = predictions.get(cell.job.id)?.predictions;
    return cell.variant.isBaseline || baseline === undefined || variant === undefined
      ? []
      : [{ name: cell.variant.name, pair: { baseline, variant } }];
  });
  const requests = judgedMetrics(group).map((id) => pairs.map(({ pair }) => requestFor(group, id, pair)));
  const compared = requests.map((ofMetric) => compareVariants(ofMetric));
  const judged = pairs.map(({ name, pair }, index): [string, JudgedQuality] => [
    name,
    {
      quality: compared.flatMap((ofMetric) => ofMetric[index] ?? []),
      flips: flipsOf(pair.baseline, pair.variant),
      distance: outputDistance(pair.baseline, pair.variant),
      slices: requests.slice(0, 1).flatMap((ofMetric) => judgeSlices(group, ofMetric[index])),
    },
  ]);
  return new Map(judged);
}

function judgedMetrics({ planned }: PreparedGroup): readonly string[] {
  const { metrics, policy } = planned.loaded.suite;
  return isForEveryMetric(policy.maxDrop) ? metrics : metrics.slice(0, 1);
}

function requestFor(
  { planned }: PreparedGroup,
  metricId: string,
  pair: Pick<ComparisonRequest, 'baseline' | 'variant'>,
): ComparisonRequest {
  const { suite } = planned.loaded;
  const metric = metricById(metricId, suite.task.kind);
  return {
    metric,
    ...pair,
    margin: plainMargin(suite.policy.maxDrop, pair.baseline.ids.length),
    alpha: suite.policy.alpha,
    seed: suite.timing.seed,
  };
}

function judgeSlices(
  { planned }: PreparedGroup,
  request: ComparisonRequest | undefined,
): JudgedQuality['slices'] {
  if (request === undefined) return [];
  const { suite } = planned.loaded;
  return suite.slices.flatMap((name) => {
    const labels = name === 'class' ? classSlices(request.baseline) : planned.dataset.testColumn(name);
    if (labels === null) return [];
    return compareSlices(
      request,
      labels.map((label) => `${name} ${label}`),
    );
  });
}

function flipsOf(baseline: Predictions, variant: Predictions): Flips | null {
  const flips = countFlips(baseline, variant);
  if (flips === null) return null;
  const { rightToWrong, wrongToRight, agreement } = flips;
  return {
    rightToWrong: rightToWrong.length,
    wrongToRight: wrongToRight.length,
    agreement,
    samples: baseline.ids.length,
    rightToWrongIds: rightToWrong.slice(0, maxIds),
    wrongToRightIds: wrongToRight.slice(0, maxIds),
  };
}
