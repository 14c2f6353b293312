import { plainMargin } from '../results/policy.ts';
import type { Flips, GroupRecord } from '../results/schema.ts';
import { comparePredictions, type ComparisonRequest } from '../tasks/compare/compare-predictions.ts';
import { classSlices, compareSlices } from '../tasks/compare/compare-slices.ts';
import { countFlips } from '../tasks/compare/flips.ts';
import { outputDistance } from '../tasks/compare/output-distance.ts';
import { metricById } from '../tasks/metrics/registry.ts';
import type { Predictions } from '../tasks/predictions.ts';
import type { PredictionsByCell } from './evaluate-cells.ts';
import { baselineOf, type PreparedCell, type PreparedGroup } from './prepare-cells.ts';

/** What a variant's predictions tell beside its baseline's. */
export type JudgedQuality = Pick<
  GroupRecord['variants'][number],
  'quality' | 'flips' | 'distance' | 'slices'
>;

/** Of a baseline, and of a variant without predictions. */
export const nothingToCompare: JudgedQuality = { quality: [], flips: null, distance: null, slices: [] };

const maxIds = 1000;

/** Judges every metric of the suite on the same samples; the first one also on each slice. */
export function judgeQuality(
  group: PreparedGroup,
  cell: PreparedCell,
  predictions: PredictionsByCell,
): JudgedQuality {
  const [baseline, variant] = [predictions.get(baselineOf(group).job.id), predictions.get(cell.job.id)];
  if (baseline === undefined || variant === undefined) return nothingToCompare;
  const requests = group.planned.loaded.suite.metrics.map((id) =>
    requestFor(group, id, { baseline, variant }),
  );
  return {
    quality: requests.flatMap((request) => comparePredictions(request) ?? []),
    flips: flipsOf(baseline, variant),
    distance: outputDistance(baseline, variant),
    slices: requests.slice(0, 1).flatMap((request) => judgeSlices(group, request)),
  };
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

function judgeSlices({ planned }: PreparedGroup, request: ComparisonRequest): JudgedQuality['slices'] {
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
