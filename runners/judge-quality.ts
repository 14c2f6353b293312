import { isForEveryMetric, plainMargin } from '../results/policy.ts';
import type { Flips } from '../results/quality-schema.ts';
import type { GroupRecord } from '../results/schema.ts';
import { withTest } from '../tasks/compare/compare-predictions.ts';
import { columnOf, sliceLabel } from '../suites/slice.ts';
import { classSlices, compareSlices } from '../tasks/compare/compare-slices.ts';
import { compareTogether } from '../tasks/compare/compare-together.ts';
import type { TestedComparison } from '../tasks/compare/comparison.ts';
import { countFlips } from '../tasks/compare/flips.ts';
import { outputDistance } from '../tasks/compare/output-distance.ts';
import { metricById } from '../tasks/metrics/registry.ts';
import type { Predictions } from '../tasks/predictions.ts';
import type { PredictionsByCell } from './evaluate-cells.ts';
import { baselineOf, type PreparedGroup } from './prepare-cells.ts';

/** What a variant's predictions tell beside its baseline's. */
export type JudgedQuality = Pick<
  GroupRecord['variants'][number],
  'quality' | 'flips' | 'distance' | 'distanceReason' | 'slices'
>;

/** Of a baseline, and of a variant without predictions. */
export const nothingToCompare: JudgedQuality = {
  quality: [],
  flips: null,
  distance: null,
  distanceReason: null,
  slices: [],
};

const maxIds = 1000;

/**
 * Judges the metrics of the suite that its margin holds for on the same samples, baseline left out. All variants of the group share
 * alpha on the first metric, which the gate wants decided; and so do all variants and the other metrics.
 */
export function judgeQuality(
  group: PreparedGroup,
  predictions: PredictionsByCell,
): Map<string, JudgedQuality> {
  const pairs = pairsOf(group, predictions);
  const metrics = judgedMetrics(group);
  const primary = metrics.slice(0, 1);
  const compared = [...compareAll(group, pairs, primary), ...compareAll(group, pairs, metrics.slice(1))];
  const judged = pairs.map((pair, index): [string, JudgedQuality] => [
    pair.name,
    {
      quality: compared.flatMap((ofMetric) => ofMetric[index] ?? []),
      flips: flipsOf(pair.baseline, pair.variant),
      ...outputDistance(pair.baseline, pair.variant, 1 - group.planned.loaded.suite.policy.alpha),
      slices: primary.flatMap((metric) => judgeSlices(group, metric, pair)),
    },
  ]);
  return new Map(judged);
}

/** A variant's predictions beside its baseline's. */
interface Pair {
  name: string;
  baseline: Predictions;
  variant: Predictions;
}

function pairsOf(group: PreparedGroup, predictions: PredictionsByCell): Pair[] {
  const baseline = predictions.get(baselineOf(group).job.id)?.predictions;
  return group.cells.flatMap((cell) => {
    const variant = predictions.get(cell.job.id)?.predictions;
    return cell.variant.isBaseline || baseline === undefined || variant === undefined
      ? []
      : [{ name: cell.variant.name, baseline, variant }];
  });
}

function judgedMetrics({ planned }: PreparedGroup): readonly string[] {
  const { metrics, policy } = planned.loaded.suite;
  return isForEveryMetric(policy.maxDrop) ? metrics : metrics.slice(0, 1);
}

/** By metric, and there by pair. */
function compareAll(
  group: PreparedGroup,
  pairs: readonly Pair[],
  metrics: readonly string[],
): (TestedComparison | null)[][] {
  const { suite } = group.planned.loaded;
  const requests = metrics.flatMap((id) => pairs.map((pair) => requestFor(group, id, pair)));
  const judged = compareTogether(requests, suite.policy.alpha);
  const compared = requests.map((request, index) => withTest(judged[index] ?? null, request));
  return metrics.map((_, index) => compared.slice(index * pairs.length, (index + 1) * pairs.length));
}

function requestFor({ planned }: PreparedGroup, metricId: string, { baseline, variant }: Pair) {
  const { suite } = planned.loaded;
  const margin = plainMargin(suite.policy.maxDrop, baseline.ids.length);
  return {
    metric: metricById(metricId, suite.task.kind),
    baseline,
    variant,
    margin,
    seed: suite.timing.seed,
  };
}

function judgeSlices(group: PreparedGroup, metricId: string, pair: Pair): JudgedQuality['slices'] {
  const { planned } = group;
  const { suite } = planned.loaded;
  const columns = suite.slices.flatMap((slice) => {
    const column = columnOf(slice);
    const labels = column === null ? classSlices(pair.baseline) : planned.dataset.testColumn(column);
    return labels === null ? [] : [labels.map((label) => `${sliceLabel(slice)} ${label}`)];
  });
  const request = { ...requestFor(group, metricId, pair), alpha: suite.policy.alpha };
  return compareSlices(request, columns);
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
