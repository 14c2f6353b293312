import { sum } from '../core/statistics/summary.ts';
import type { LatencyDesign } from '../results/compare-latency.ts';
import type { GroupRecord } from '../results/schema.ts';
import { formatTarget } from '../results/target-schema.ts';
import { formatOfRunner } from '../suites/target.ts';
import { adapterDoubt } from './doubts/adapter-doubt.ts';
import { consistencyDoubt } from './doubts/consistency-doubt.ts';
import { controlDoubt } from './doubts/control-doubt.ts';
import type { Quality } from './evaluate-cells.ts';
import type { AdviceByCell } from './explain/advise-groups.ts';
import type { Form } from './form.ts';
import { isDecidedAsWell } from './is-decided-as-well.ts';
import { judgeConsistency, type ConsistencyByVariant } from './judge-consistency.ts';
import { judgeGroup } from './judge-group.ts';
import { originOf, type KnownRecord } from './known-records.ts';
import { timesId } from './measurement-id.ts';
import type { LayersByCell } from './optimize/rank-groups.ts';
import { modelOf, subjectOf } from './plan.ts';
import type { PreparedCell, PreparedGroup } from './prepare-cells.ts';
import type { RunContext } from './run-context.ts';
import type { Probe } from './runner.ts';
import { taskOf } from './task-of.ts';
import { timedBefore, timeNow, type TimedGroup } from './timed-group.ts';
import { whyUntimed, type Untimed } from './why-untimed.ts';

export interface MeasureOptions {
  quality: Quality;
  probes: ReadonlyMap<string, Probe>;
  advice: AdviceByCell;
  layers: LayersByCell;
  context: RunContext;
}

/** A group with what is timed of it, and how it is to be judged. */
interface Question {
  group: PreparedGroup;
  /** Baseline first; none where nothing is timed. */
  timeable: readonly PreparedCell[];
  design: LatencyDesign;
  /** Null where nothing is timed. */
  measurementId: string | null;
}

/** A finished record, and how to tell of it. */
interface Measured {
  record: GroupRecord;
  event: 'group-finished' | 'judged' | 'kept';
}

/** Times the groups one after another, judges and saves each. True where nothing failed. */
export async function measureGroups(
  groups: readonly PreparedGroup[],
  options: MeasureOptions,
): Promise<boolean> {
  const { context } = options;
  const comparisons = countComparisons(groups, options);
  let isWhole = true;
  for (const group of groups) {
    const consistency = judgeConsistency(group, groups, options.quality.predictions);
    const measured = await measureGroup(questionOf(group, comparisons, options), options);
    const record = withLayers(withConsistency(measured.record, consistency), group, options.layers);
    if (context.signal.aborted) return false;
    await context.store.saveRecord(record);
    context.report({ kind: measured.event, record });
    isWhole &&=
      record.variants.every(({ timed }) => timed.status !== 'failed') &&
      everyReadyCellHasPredictions(group, options);
  }
  return isWhole;
}

/** How targets agree is told anew in each run: it depends on more than the group. */
function withConsistency(record: GroupRecord, consistency: ConsistencyByVariant): GroupRecord {
  const variants = record.variants.map((one) => ({
    ...one,
    consistency: consistency.get(one.variant.name) ?? null,
  }));
  const warnings = record.warnings.filter(({ code }) => code !== 'inconsistent-target');
  return { ...record, variants, warnings: [...warnings, ...consistencyDoubt(consistency)] };
}

/** Scored anew where they are asked for, else as they were. */
function withLayers(record: GroupRecord, { cells }: PreparedGroup, layers: LayersByCell): GroupRecord {
  const byName = new Map(cells.map(({ job, variant }) => [variant.name, layers.get(job.id)]));
  const variants = record.variants.map((one) => ({
    ...one,
    layers: byName.get(one.variant.name) ?? one.layers,
  }));
  return { ...record, variants };
}

function everyReadyCellHasPredictions(
  group: PreparedGroup,
  { quality: { predictions } }: MeasureOptions,
): boolean {
  return group.cells.every(({ plan, job }) => plan.status === 'skipped' || predictions.has(job.id));
}

/** Variants of the run whose latency is judged: they share the chance of a false alarm. */
function countComparisons(groups: readonly PreparedGroup[], options: MeasureOptions): number {
  return Math.max(1, sum(groups.map((group) => Math.max(0, timeableCells(group, options).length - 1))));
}

/** Variants can be timed only beside their baseline. */
function timeableCells(group: PreparedGroup, options: MeasureOptions): PreparedCell[] {
  const timeable = group.cells.filter((cell) => whyUntimed(cell, untimedContext(group, options)) === null);
  return timeable.some(({ variant }) => variant.isBaseline) ? timeable : [];
}

function untimedContext(group: PreparedGroup, { quality, probes }: MeasureOptions): Untimed {
  return { group, failures: quality.failures, probe: probes.get(formatTarget(group.group.target)) };
}

function questionOf(group: PreparedGroup, comparisons: number, options: MeasureOptions): Question {
  const { form, environment } = options.context;
  const { suite } = group.planned.loaded;
  const timeable = timeableCells(group, options);
  const setting = { planned: group.planned, target: group.group.target, environment };
  const { runner } = group.group.target;
  const task = taskOf(suite.task, modelOf(group.planned, group.group), formatOfRunner[runner]);
  const models = timeable.map(({ variant: { name, sha256 } }) => ({ name, sha256 }));
  return {
    group,
    timeable,
    design: designOf(group, comparisons, form),
    measurementId: timeable.length === 0 ? null : timesId(models, { form, task }, setting),
  };
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

async function measureGroup(question: Question, options: MeasureOptions): Promise<Measured> {
  const { group, measurementId } = question;
  const { context } = options;
  if (measurementId === null) return { record: recordOf(question, null, options), event: 'group-finished' };
  const known = context.known.find('group', { measurementId, id: group.group.id });
  if (known !== null && holds(known, question, options))
    return { record: keep(known, question, context), event: 'kept' };
  const before = known === null ? null : recordOf(question, timedBefore(known, context), options);
  if (known !== null && before !== null && isDecidedAsWell(before, known.record, context.form))
    return { record: before, event: 'judged' };
  context.report({ kind: 'group-started', subject: subjectOf(group.planned, group.group) });
  const timed = await timeNow(group, { cells: question.timeable, design: question.design }, context);
  return { record: recordOf(question, timed, options), event: 'group-finished' };
}

/** Whether the verdicts of a record are those of now: by the same suite, predictions and number of comparisons. */
function holds(
  { record }: KnownRecord<GroupRecord>,
  { group, design }: Question,
  { quality }: MeasureOptions,
): boolean {
  const isShared = record.variants.every(
    ({ latency }) => latency?.evidence == null || latency.evidence.comparisons === design.comparisons,
  );
  const isOfSame = group.cells.every(({ job, variant }) => {
    const found = record.variants.find((one) => one.variant.name === variant.name);
    return found?.predictionsSha256 === (quality.predictions.get(job.id)?.sha256 ?? null);
  });
  return record.id === group.group.id && isShared && isOfSame;
}

function keep(known: KnownRecord<GroupRecord>, { group }: Question, context: RunContext): GroupRecord {
  const { id, measurementId, environment } = known.record;
  const base = context.recordBase({ id, measurementId }, subjectOf(group.planned, group.group));
  return { ...known.record, ...base, environment, reusedFrom: originOf(known, context.store) };
}

function recordOf(question: Question, timed: TimedGroup | null, options: MeasureOptions): GroupRecord {
  const { group, design, measurementId } = question;
  const { context, quality, advice, probes } = options;
  const { form, clock } = context;
  const { suite } = group.planned.loaded;
  const untimed = untimedContext(group, options);
  const judged = judgeGroup(group, {
    quality,
    advice,
    timed,
    design,
    whyUntimed: (cell) => whyUntimed(cell, untimed),
  });
  const { target } = group.group;
  const situation = { form: form.name, threads: suite.timing.threads, device: target.device };
  const isCompared = judged.variants.some(({ latency }) => latency !== null);
  const isControlTold = timed?.warnings.some(({ code }) => code === 'control-failed') ?? false;
  return {
    ...context.recordBase({ id: group.group.id, measurementId }, subjectOf(group.planned, group.group)),
    kind: 'group',
    startedAt: timed?.startedAt ?? clock.timestamp(),
    durationMs: timed?.durationMs ?? 0,
    reusedFrom: timed?.reusedFrom ?? null,
    ...(timed === null ? {} : { environment: timed.environment }),
    timing: { ...suite.timing, looks: [...form.looks], epochs: form.epochs, epochMs: form.epochMs },
    policy: suite.policy,
    primaryMetric: suite.metrics[0] ?? null,
    ...judged,
    pairs: [...(timed?.pairs ?? [])],
    warnings: [
      ...(isCompared && !isControlTold
        ? controlDoubt(judged.control, timed?.controlFailure ?? null, situation)
        : []),
      ...(timed?.warnings ?? []),
      ...adapterDoubt(probes.get(formatTarget(target))),
    ],
  };
}
