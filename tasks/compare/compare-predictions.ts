import { judge } from '../../core/statistics/judge.ts';
import { unitOf } from '../metric.ts';
import type { Comparison, Margin, TestedComparison } from './comparison.ts';
import { differenceEvidence } from './difference-evidence.ts';
import { equalityTest } from './equality-test.ts';
import { furtherSamples } from './further-samples.ts';
import { endsOfLoss, lossOf } from './loss.ts';
import type { PairRequest } from './pair.ts';
import { requireSameSamples } from './same-samples.ts';

/** What to compare: two predictions of the same samples, the loss that is tolerated, and 1 - the confidence level. */
export interface ComparisonRequest extends PairRequest {
  alpha: number;
}

/** The comparison at an alpha; what it rests on is computed once. */
type ComparisonAt = (alpha: number) => Comparison;

/**
 * Judges a variant against its baseline on one metric, sample by sample (`docs/comparison.md`). Null where the metric is
 * undefined for either of them; `metric.compute` says why.
 */
export function comparePredictions(request: ComparisonRequest): Comparison | null {
  return comparisonAt(request)?.(request.alpha) ?? null;
}

/** A comparison with a test of equality beside it, which takes longer than all else. */
export function withTest(comparison: Comparison | null, request: PairRequest): TestedComparison | null {
  if (comparison === null) return null;
  const values = { before: comparison.baseline, after: comparison.variant };
  return { ...comparison, equality: equalityTest({ ...request, values }) };
}

/** The same for any alpha. */
export function comparisonAt(request: PairRequest): ComparisonAt | null {
  const { metric, baseline, variant } = request;
  requireSameSamples(baseline, variant);
  const [before, after] = [metric.compute(baseline).value, metric.compute(variant).value];
  if (before === null || after === null) return null;
  const { id, label, direction } = metric;
  const unit = unitOf(metric, variant);
  const [difference, samples] = [after - before, baseline.ids.length];
  if (!Number.isFinite(difference)) return null;
  const margin = marginInUnit(request.margin, before);
  const evidence = differenceEvidence({ ...request, values: { before, after } });
  return (alpha) => {
    const level = 1 - alpha;
    const { interval, note, ends, samplesToBegin } = evidence(level);
    const loss = lossOf({ direction, unit, difference, interval, margin, level });
    const { verdict, reason } = judge(loss);
    return {
      ...{ metric: id, label, unit, direction, baseline: before, variant: after, difference },
      ...{ interval, margin, verdict, reason: withNote(reason, note, interval !== null) },
      neededSamples:
        verdict === 'inconclusive'
          ? furtherSamples(loss, { ends: endsOfLoss(ends, direction), samples, samplesToBegin })
          : null,
    };
  };
}

/** Where there is no interval, the note tells more than that there is none. */
function withNote(reason: string, note: string | null, hasInterval: boolean): string {
  if (note === null) return reason;
  return hasInterval ? `${reason} ${note}` : note;
}

function marginInUnit(margin: Margin, baseline: number): number {
  return margin.kind === 'absolute' ? margin.value : margin.value * Math.abs(baseline);
}
