import type { GroupRecord, RunRecord, StoredRecord } from './schema.ts';

/** A reason why a run does not pass. */
export interface Finding {
  level: 'failed' | 'inconclusive' | 'incomplete';
  /** Suite, model, target and variant. */
  subject: string;
  reason: string;
}

export interface GateResult {
  outcome: 'pass' | Finding['level'];
  findings: Finding[];
}

/**
 * Holds a run against the policies of its suites: the first metric of each suite and the latency of each variant.
 * A regression fails the gate, whatever else; then what was not measured, then what was not decided.
 */
export function gateRun(run: RunRecord, records: readonly StoredRecord[]): GateResult {
  const groups = records.filter((record) => record.kind === 'group');
  const findings = [...missing(run, records), ...groups.flatMap(findingsOf)];
  const levels = ['failed', 'incomplete', 'inconclusive'] as const;
  const outcome = levels.find((level) => findings.some((finding) => finding.level === level)) ?? 'pass';
  return { outcome, findings };
}

function missing(run: RunRecord, records: readonly StoredRecord[]): Finding[] {
  const planned = run.planned.cells + run.planned.groups + run.planned.scenarios;
  const failed = records.flatMap((record): Finding[] => {
    if (record.kind === 'group' || record.outcome.status !== 'failed') return [];
    return [
      { level: 'incomplete', subject: nameOf(record, record.variant.name), reason: record.outcome.reason },
    ];
  });
  if (records.length === planned) return failed;
  const reason = `${records.length} of ${planned} planned records are there; the run is ${run.status}`;
  return [{ level: 'incomplete', subject: run.id, reason }, ...failed];
}

function findingsOf(group: GroupRecord): Finding[] {
  return group.variants.flatMap(({ variant, quality, latency, timed }) => {
    const subject = nameOf(group, variant.name);
    const timedFailure: Finding[] =
      timed.status === 'failed' ? [{ level: 'incomplete', subject, reason: timed.reason }] : [];
    const primary = quality[0];
    const judged = [primary, latency].flatMap((comparison) =>
      comparison == null ? [] : findingOf(subject, comparison),
    );
    return [...timedFailure, ...judged, ...tooLittleGain(group, subject, latency)];
  });
}

type Comparison = Pick<NonNullable<GroupRecord['variants'][number]['latency']>, 'verdict' | 'reason'>;

function findingOf(subject: string, { verdict, reason }: Comparison): Finding[] {
  if (verdict === 'regressed') return [{ level: 'failed', subject, reason }];
  return verdict === 'inconclusive' ? [{ level: 'inconclusive', subject, reason }] : [];
}

function tooLittleGain(
  group: GroupRecord,
  subject: string,
  latency: GroupRecord['variants'][number]['latency'],
): Finding[] {
  const { minSpeedup } = group.policy;
  if (minSpeedup === null || latency === null) return [];
  const highest = 1 / latency.interval.low;
  const lowest = 1 / latency.interval.high;
  if (lowest >= minSpeedup) return [];
  const reason = `speed-up ${lowest.toFixed(2)} to ${highest.toFixed(2)}; the policy asks for ${minSpeedup}`;
  return [{ level: highest < minSpeedup ? 'failed' : 'inconclusive', subject, reason }];
}

function nameOf({ subject }: StoredRecord, variant: string): string {
  const { suite, model, target } = subject;
  return `${suite.id} ${model.id} ${variant} on ${target.runner}/${target.device}`;
}
