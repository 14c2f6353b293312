import { systemClock } from '../core/clock.ts';
import { firstBatch } from '../core/samples.ts';
import { sum } from '../core/statistics/summary.ts';
import type { LatencyDesign } from '../results/compare-latency.ts';
import type { GroupRecord, StoredRecord } from '../results/schema.ts';
import { formatTarget } from '../results/target-schema.ts';
import { adapterDoubt } from './doubts/adapter-doubt.ts';
import { groupDoubts, type GroupEvidence } from './doubts/group-doubts.ts';
import { readMachineState } from './doubts/machine-state.ts';
import type { PredictionsByCell } from './evaluate-cells.ts';
import { measureTimer } from './floors.ts';
import { measureFootprints } from './footprint/measure-footprints.ts';
import type { AdviceByCell } from './explain/advise-groups.ts';
import type { Form } from './form.ts';
import { judgeGroup } from './judge-group.ts';
import { originOf } from './known-records.ts';
import { subjectOf } from './plan.ts';
import type { PreparedGroup } from './prepare-cells.ts';
import type { RunContext } from './run-context.ts';
import type { Probe } from './runner.ts';
import type { Contender } from './timing/request.ts';
import type { GroupTimes } from './timing/group-times.ts';
import { timeGroup } from './timing/time-group.ts';

export interface MeasureOptions {
  predictions: PredictionsByCell;
  probes: ReadonlyMap<string, Probe>;
  advice: AdviceByCell;
  context: RunContext;
}

/** Times the groups one after another, judges and saves each. True where nothing failed. */
export async function measureGroups(
  groups: readonly PreparedGroup[],
  options: MeasureOptions,
): Promise<boolean> {
  const { context } = options;
  const comparisons = countComparisons(groups, options.probes);
  let isWhole = true;
  for (const group of groups) {
    const kept = reuseGroup(group, comparisons, context);
    const record = kept ?? (await measureGroup(group, comparisons, options));
    if (context.signal.aborted) return false;
    await context.store.saveRecord(record);
    context.report({ kind: kept === null ? 'group-finished' : 'kept', record });
    isWhole &&=
      record.variants.every(({ timed }) => timed.status !== 'failed') &&
      everyReadyCellHasPredictions(group, options);
  }
  return isWhole;
}

/**
 * A group that was timed before: its record holds as long as all of its cells were measured then, too, and as many
 * comparisons share the chance of a false alarm.
 */
function reuseGroup(
  { group, planned, cells }: PreparedGroup,
  comparisons: number,
  { known, store, recordBase }: RunContext,
): GroupRecord | null {
  const found = known.get(group.id);
  if (found?.record.kind !== 'group') return null;
  const { variants } = found.record;
  const isWhole = cells.every(
    ({ plan, job, variant: { name } }) =>
      plan.status !== 'ready' ||
      holds(
        variants.find(({ variant }) => variant.name === name),
        known.get(job.id)?.record,
      ),
  );
  const isShared = variants.every(
    ({ latency }) => latency?.evidence == null || latency.evidence.comparisons === comparisons,
  );
  if (!isWhole || !isShared) return null;
  const base = recordBase(group.id, subjectOf(planned, group));
  return { ...found.record, ...base, reusedFrom: originOf(found, store) };
}

/** Whether a variant was timed or could not be for good, and judged by the predictions that its cell still has. */
function holds(timed: GroupRecord['variants'][number] | undefined, cell: StoredRecord | undefined): boolean {
  if (timed === undefined || cell?.kind !== 'cell' || cell.outcome.status !== 'measured') return false;
  const isTimed = timed.timed.status === 'measured' || timed.timed.status === 'skipped';
  const isUnavailable = timed.timed.status === 'skipped' && timed.timed.code === 'unavailable';
  return isTimed && !isUnavailable && timed.predictionsSha256 === (cell.outcome.predictions?.sha256 ?? null);
}

function everyReadyCellHasPredictions(group: PreparedGroup, { predictions }: MeasureOptions): boolean {
  return group.cells.every(({ plan, job }) => plan.status === 'skipped' || predictions.has(job.id));
}

/** Variants of the run whose latency is judged: they share the chance of a false alarm. */
function countComparisons(groups: readonly PreparedGroup[], probes: MeasureOptions['probes']): number {
  const judged = groups.map((group) =>
    reasonNotToTime(group, probes) === null ? readyContenders(group).length - 1 : 0,
  );
  return Math.max(1, sum(judged));
}

function designOf({ planned }: PreparedGroup, comparisons: number, form: Form): LatencyDesign {
  const { maxSlowdown, falseAlarms, alpha } = planned.loaded.suite.policy;
  return {
    maxSlowdown: Math.max(maxSlowdown, form.leastMargin),
    falseAlarms: form.falseAlarms ?? falseAlarms,
    alpha,
    looks: form.looks,
    comparisons,
  };
}

async function measureGroup(
  group: PreparedGroup,
  comparisons: number,
  { predictions, probes, advice, context }: MeasureOptions,
): Promise<GroupRecord> {
  const { clock, form } = context;
  const { suite } = group.planned.loaded;
  const subject = subjectOf(group.planned, group.group);
  const untimedReason = reasonNotToTime(group, probes);
  const isTimed = untimedReason === null;
  if (isTimed) context.report({ kind: 'group-started', subject });
  const startedAt = clock.timestamp();
  const start = clock.nowMs();
  const design = designOf(group, comparisons, form);
  const observed = await observe(group, isTimed ? design : null, context);
  const judged = judgeGroup(group, { ...observed, predictions, advice, design, untimedReason });
  const situation = { form, threads: suite.timing.threads, device: group.group.target.device };
  return {
    ...context.recordBase(group.group.id, subject),
    kind: 'group',
    startedAt,
    durationMs: clock.nowMs() - start,
    timing: { ...suite.timing, looks: [...form.looks], epochs: form.epochs, epochMs: form.epochMs },
    policy: suite.policy,
    primaryMetric: suite.metrics[0] ?? null,
    ...judged,
    warnings: [
      ...(isTimed ? groupDoubts({ ...observed, judged }, situation) : []),
      ...adapterDoubt(probes.get(formatTarget(group.group.target))),
    ],
  };
}

/** Variants can be timed only beside a baseline that is ready, and on a device whose speed is one. */
function reasonNotToTime({ cells, group }: PreparedGroup, probes: MeasureOptions['probes']): string | null {
  const baseline = cells[0]?.plan;
  if (baseline?.status !== 'ready') return baseline?.reason ?? 'there is no baseline';
  const probe = probes.get(formatTarget(group.target));
  if (probe?.status !== 'works' || !probe.isSoftware) return null;
  return 'the GPU adapter is software: its latency says nothing of a GPU';
}

/** Times what is ready, by a design that is null where nothing is to be timed, and runs each variant alone. */
async function observe(
  group: PreparedGroup,
  design: LatencyDesign | null,
  context: RunContext,
): Promise<Omit<GroupEvidence, 'judged'>> {
  const before = readMachineState();
  const times = design === null ? untimed : await timeReadyCells(group, design, context);
  const after = readMachineState();
  const footprints = await measureFootprints(group, times, context);
  const { stepMs: timerStepMs } = measureTimer(systemClock);
  return { times, footprints, states: [before, after], timerStepMs };
}

const untimed: GroupTimes = { contenders: [], processes: [] };

async function timeReadyCells(
  group: PreparedGroup,
  design: LatencyDesign,
  { form, limits, signal }: RunContext,
): Promise<GroupTimes> {
  const { suite } = group.planned.loaded;
  const { inputs } = await firstBatch(group.planned.dataset.test, suite.timing.batchSize);
  const { threads, seed } = suite.timing;
  const contenders = readyContenders(group);
  return timeGroup(
    { target: group.group.target, threads, contenders, inputs, seed, design },
    { form, limits: limits(suite), signal },
  );
}

function readyContenders({ cells }: PreparedGroup): Contender[] {
  return cells.flatMap(({ variant, plan }) =>
    plan.status === 'ready' ? [{ name: variant.name, artifact: plan.artifact }] : [],
  );
}
