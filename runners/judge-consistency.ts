import { precisionOf } from '../models/precision.ts';
import { parseVariant } from '../models/variant.ts';
import type { Consistency, OutputsComparison, Precision } from '../results/consistency-schema.ts';
import { formatTarget } from '../results/target-schema.ts';
import { devicesOf, processorDevices } from '../suites/target.ts';
import { compareOutputs } from '../tasks/compare/compare-outputs.ts';
import { metricById } from '../tasks/metrics/registry.ts';
import type { Predictions } from '../tasks/predictions.ts';
import type { PredictionsByCell } from './evaluate-cells.ts';
import type { PreparedCell, PreparedGroup } from './prepare-cells.ts';

/**
 * The largest relative error that outputs on two targets may differ by and still be those of the same computation. Kernels sum in
 * other orders, which in float32 and float16 (unit roundoff 6e-8 and 5e-4) costs some ten to a thousand roundings; where
 * activations are rounded to integers, a last bit decides which of two neighbours it is.
 */
const tolerances: Readonly<Record<Precision, number>> = {
  float32: 1e-4,
  float16: 1e-2,
  int16: 1e-4,
  int8: 2e-2,
  int4: 5e-2,
  int2: 1e-1,
};

/** By name of the variant; empty where the model runs on one target only. */
export type ConsistencyByVariant = ReadonlyMap<string, Consistency>;

/** Holds each variant of a group against the same model on the reference target: a processor's where the suite has one. */
export function judgeConsistency(
  group: PreparedGroup,
  groups: readonly PreparedGroup[],
  predictions: PredictionsByCell,
): ConsistencyByVariant {
  const alike = groups.filter(
    (one) => one.planned === group.planned && one.group.modelId === group.group.modelId,
  );
  if (alike.length < 2) return new Map();
  const reference = referenceOf(group, alike);
  const outputsOf = (cell: PreparedCell | undefined): Predictions | undefined =>
    cell === undefined ? undefined : predictions.get(cell.job.id)?.predictions;
  const find = (name: string): Predictions | undefined =>
    outputsOf(reference.cells.find(({ variant }) => variant.name === name));
  const baseline = outputsOf(reference.cells.find(({ variant }) => variant.isBaseline));
  const compare = comparer(group);
  const entries = group.cells.flatMap((cell): [string, Consistency][] => {
    const own = outputsOf(cell);
    if (own === undefined) return [];
    const toItself = group === reference ? null : compare(find(cell.variant.name), own);
    return [
      [
        cell.variant.name,
        { ...traitsOf(cell, reference, toItself), toBaseline: compare(baseline, own), toItself },
      ],
    ];
  });
  return new Map(entries);
}

/** Those of the first are held to be the reference before those of another. */
const runners = Object.keys(devicesOf);

function referenceOf(group: PreparedGroup, alike: readonly PreparedGroup[]): PreparedGroup {
  const onProcessor = runners.flatMap((runner) =>
    processorDevices.flatMap((device) =>
      alike.filter(({ group: { target } }) => target.runner === runner && target.device === device),
    ),
  );
  return onProcessor[0] ?? alike[0] ?? group;
}

function traitsOf(
  { variant }: PreparedCell,
  { group }: PreparedGroup,
  toItself: OutputsComparison | null,
): Omit<Consistency, 'toBaseline' | 'toItself'> {
  const precision = precisionOf(parseVariant(variant.name).steps);
  const tolerance = tolerances[precision];
  const isConsistent = toItself === null ? null : isSame(toItself, tolerance);
  return { reference: formatTarget(group.target), precision, tolerance, isConsistent };
}

/** Of few decisions one may be a tie that rounding breaks. */
const leastShare = 0.01;

/** By the numbers where there are any, and else by the decisions; null where neither can be compared. */
function isSame({ relativeError, nonFinite, flips }: OutputsComparison, tolerance: number): boolean | null {
  if (nonFinite > 0) return false;
  if (relativeError !== null) return relativeError <= tolerance;
  return flips === null ? null : 1 - flips.agreement <= Math.max(tolerance, leastShare);
}

type Compare = (reference: Predictions | undefined, own: Predictions) => OutputsComparison | null;

function comparer({ planned }: PreparedGroup): Compare {
  const { metrics, task } = planned.loaded.suite;
  const metric = metricById(metrics[0] ?? '', task.kind);
  return (reference, own) => (reference === undefined ? null : compareOutputs(reference, own, metric));
}
