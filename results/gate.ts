import { nameOf, type Finding } from './finding.ts';
import { isForEveryMetric } from './policy.ts';
import type { QualityComparison } from './quality-schema.ts';
import type { GroupRecord, RunRecord, StoredRecord } from './schema.ts';
import { nothingCompared, uncompared } from './uncompared.ts';

export interface GateResult {
  outcome: 'pass' | Finding['level'];
  findings: Finding[];
}

/**
 * Holds a run against the policies of its suites: the metrics and the latency of each variant. A regression fails the gate,
 * whatever else; then what was not measured or has no value, then what was not decided, where further metrics need not be.
 * A run does not pass with a suite of which nothing was compared.
 */
export function gateRun(run: RunRecord, records: readonly StoredRecord[]): GateResult {
  const lacking = missing(run, records);
  const suites = Map.groupBy(records, ({ subject }) => subject.suite.id);
  const found = [...suites].flatMap(([suite, ofSuite]): Finding[] => {
    const findings = findingsOfSuite(ofSuite);
    return findings.length > 0 || lacking.length > 0 ? findings : nothingCompared(suite, ofSuite);
  });
  const findings = [...lacking, ...found];
  const levels = ['failed', 'incomplete', 'inconclusive'] as const;
  const outcome = levels.find((level) => findings.some((finding) => finding.level === level)) ?? 'pass';
  return { outcome, findings };
}

function missing({ id, planned, status }: RunRecord, records: readonly StoredRecord[]): Finding[] {
  const count = planned.cells + planned.groups + planned.scenarios;
  if (records.length === count) return [];
  const reason = `${records.length} of ${count} planned records are there; the run is ${status}`;
  return [{ level: 'incomplete', subject: id, reason }];
}

function findingsOfSuite(records: readonly StoredRecord[]): Finding[] {
  const groups = records.filter((record) => record.kind === 'group');
  return [
    ...records.flatMap(failureOf),
    ...groups.flatMap(findingsOf),
    ...groups.flatMap((group) => uncompared(group, records)),
  ];
}

function failureOf(record: StoredRecord): Finding[] {
  if (record.kind === 'group' || record.outcome.status !== 'failed') return [];
  return [
    { level: 'incomplete', subject: nameOf(record, record.variant.name), reason: record.outcome.reason },
  ];
}

function findingsOf(group: GroupRecord): Finding[] {
  return group.variants.flatMap(({ variant, quality, latency, timed }) => {
    const subject = nameOf(group, variant.name);
    const timedFailure: Finding[] =
      timed.status === 'failed' ? [{ level: 'incomplete', subject, reason: timed.reason }] : [];
    const ofQuality = findingsOnQuality(group, subject, quality);
    const ofLatency = latency === null ? [] : findingOf(subject, latency);
    return [...timedFailure, ...ofQuality, ...ofLatency, ...tooLittleGain(group, subject, latency)];
  });
}

/** Of the first metric, and the regressions of the others where the margin holds for every metric. */
function findingsOnQuality(
  { primaryMetric, policy }: GroupRecord,
  subject: string,
  quality: readonly QualityComparison[],
): Finding[] {
  const primary =
    primaryMetric === null ? quality[0] : quality.find(({ metric }) => metric === primaryMetric);
  const others = isForEveryMetric(policy.maxDrop)
    ? quality.filter((judged) => judged !== primary && judged.verdict === 'regressed')
    : [];
  return [
    ...(primary === undefined ? [] : findingOf(subject, withProspect(primary))),
    ...others.map(({ label, reason }): Finding => ({
      level: 'failed',
      subject,
      reason: `${label}: ${reason}`,
    })),
  ];
}

type Comparison = Pick<NonNullable<GroupRecord['variants'][number]['latency']>, 'verdict' | 'reason'>;

/** An open verdict on quality tells how many further samples would decide. */
function withProspect({ verdict, reason, neededSamples }: QualityComparison): Comparison {
  if (neededSamples === null) return { verdict, reason };
  return { verdict, reason: `${reason} About ${neededSamples} further samples would decide.` };
}

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
  if (minSpeedup === null || latency === null || latency.isWithheld) return [];
  const highest = 1 / latency.interval.low;
  const lowest = 1 / latency.interval.high;
  if (lowest >= minSpeedup) return [];
  const reason = `speed-up ${lowest.toFixed(2)} to ${highest.toFixed(2)}; the policy asks for ${minSpeedup}`;
  return [{ level: highest < minSpeedup ? 'failed' : 'inconclusive', subject, reason }];
}
