import { nameOf, type Finding } from './finding.ts';
import { isForEveryMetric } from './policy.ts';
import type { MetricValue } from './quality-schema.ts';
import type { CellRecord, GroupRecord, StoredRecord, Variant } from './schema.ts';
import { undefinedMetrics } from './undefined-metrics.ts';

const notCompared = (ids: string): string => `${ids} could not be compared with the baseline`;
const noBaseline = (ids: string): string => `the baseline has no value of ${ids} to judge variants by`;

/**
 * Metrics that the policy judges and that no comparison came of: those without a value in the baseline, told once; those without
 * one in a variant alone; and the first one where a variant has a value of it and was not compared all the same.
 */
export function uncompared(group: GroupRecord, records: readonly StoredRecord[]): Finding[] {
  const lackingIn = ({ variant }: Judged): MetricValue[] => lacking(group, cellOf(group, variant, records));
  const before = new Set(
    group.variants
      .filter(({ variant }) => variant.isBaseline)
      .flatMap(lackingIn)
      .map(({ id }) => id),
  );
  return group.variants.flatMap((judged) => {
    const subject = nameOf(group, judged.variant.name);
    if (judged.variant.isBaseline) return joined(subject, lackingIn(judged), noBaseline);
    const alone = lackingIn(judged).filter(({ id }) => !before.has(id));
    const isLeftOut =
      cellOf(group, judged.variant, records)?.outcome.status === 'measured' &&
      isWithoutPrimary(group, judged) &&
      ![...before, ...alone.map(({ id }) => id)].includes(group.primaryMetric ?? '');
    return [...joined(subject, alone, notCompared), ...(isLeftOut ? [leftOut(group, subject)] : [])];
  });
}

type Judged = GroupRecord['variants'][number];

/** The metrics that the policy judges and that a cell has no value of. */
function lacking({ primaryMetric, policy }: GroupRecord, cell: CellRecord | undefined): MetricValue[] {
  return undefinedMetrics(cell).filter(({ id }) => id === primaryMetric || isForEveryMetric(policy.maxDrop));
}

/** A finding for each reason that metrics have no value. */
function joined(subject: string, metrics: readonly MetricValue[], what: (ids: string) => string): Finding[] {
  return [...Map.groupBy(metrics, ({ reason }) => reason ?? 'no reason was given')].map(([reason, alike]) => {
    const ids = alike.map(({ id }) => id).join(', ');
    return { level: 'incomplete', subject, reason: `${what(ids)}: ${reason}` };
  });
}

function isWithoutPrimary({ primaryMetric }: GroupRecord, { quality }: Judged): boolean {
  return primaryMetric !== null && !quality.some(({ metric }) => metric === primaryMetric);
}

function leftOut({ primaryMetric }: GroupRecord, subject: string): Finding {
  const why = 'it is undefined for the baseline or for these predictions';
  return { level: 'incomplete', subject, reason: `${notCompared(primaryMetric ?? '')}: ${why}` };
}

function cellOf(
  group: GroupRecord,
  { name }: Variant,
  records: readonly StoredRecord[],
): CellRecord | undefined {
  return records
    .filter((record) => record.kind === 'cell')
    .find((cell) => cell.variant.name === name && nameOf(cell, '') === nameOf(group, ''));
}

/** That nothing of a suite was held against its policy, where that is so: a run does not pass by it. Scenarios have none. */
export function nothingCompared(suite: string, records: readonly StoredRecord[]): Finding[] {
  if (records.some(isHeld)) return [];
  const [first, ...more] = records.flatMap((record) =>
    record.kind === 'cell' && record.outcome.status === 'skipped'
      ? [`${nameOf(record, record.variant.name)} was skipped: ${record.outcome.reason}`]
      : [],
  );
  const others = more.length === 0 ? '' : ` (and ${more.length} more were skipped)`;
  const why = first === undefined ? 'no variant stands beside a baseline' : `${first}${others}`;
  return [{ level: 'incomplete', subject: suite, reason: `nothing was compared; ${why}` }];
}

function isHeld(record: StoredRecord): boolean {
  if (record.kind === 'scenario') return record.outcome.status === 'measured';
  return (
    record.kind === 'group' &&
    record.variants.some(({ quality, latency }) => quality.length > 0 || latency !== null)
  );
}
