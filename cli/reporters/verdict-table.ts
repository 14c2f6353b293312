import type { StoredRun } from '../../results/read-runs.ts';
import { chooseRecords } from '../../site/views/choose-records.ts';
import {
  decimalsFor,
  formatBytes,
  formatNumber,
  formatRange,
  formatSigned,
  formatTime,
} from '../../site/views/format.ts';
import { standGroup, type GroupStanding, type Standing } from '../../site/views/standings.ts';
import { formatTable } from './table.ts';

const headings = ['model', 'target', 'variant', 'quality', 'change', '', 'latency', 'speed-up', '', 'size'];

/** The verdicts of a run, a table a suite; what was skipped is counted below with its reasons. */
export function formatVerdicts(stored: StoredRun): string {
  const groups = chooseRecords([stored]).map(standGroup);
  const suites = [...new Set(groups.map(({ chosen }) => chosen.subject.suite.id))];
  return suites
    .map((id) => formatSuite(groups.filter(({ chosen }) => chosen.subject.suite.id === id)))
    .join('\n');
}

function formatSuite(groups: readonly GroupStanding[]): string {
  const [first] = groups;
  const rows = groups.flatMap((group) =>
    group.standings.filter(isMeasured).map((standing) => formatRow(group, standing)),
  );
  const metric = groups
    .flatMap(({ standings }) => standings)
    .find(({ primary }) => primary !== null)?.primary;
  const title = `${first?.chosen.subject.suite.title ?? ''}${metric == null ? '' : `, ${metric.label.toLowerCase()} (${metric.direction.replaceAll('-', ' ')})`}`;
  return `\n${title}\n${formatTable(headings, rows)}${formatSkipped(groups)}${formatWarnings(groups)}`;
}

function isMeasured({ primary, profile }: Standing): boolean {
  return primary !== null || profile !== null;
}

function formatRow({ chosen, target }: GroupStanding, standing: Standing): string[] {
  const { primary, quality, latency, profile, speedUp, variant } = standing;
  const decimals =
    primary?.value == null ? 0 : decimalsFor([{ value: primary.value, interval: primary.interval }]);
  return [
    chosen.subject.model.id,
    target,
    variant.name,
    primary?.value == null ? (primary?.reason ?? '-') : formatNumber(primary.value, decimals),
    quality === null ? (variant.isBaseline ? 'baseline' : '-') : formatSigned(quality.difference, decimals),
    quality?.verdict ?? '',
    profile === null ? '-' : formatTime(profile.p50Ms),
    speedUp === null
      ? ''
      : `${formatNumber(speedUp.value, 2)}x (${speedUp.interval === null ? '' : formatRange(speedUp.interval, 2)})`,
    latency?.verdict ?? '',
    variant.sizeBytes === null ? '-' : formatBytes(variant.sizeBytes),
  ];
}

function formatSkipped(groups: readonly GroupStanding[]): string {
  const reasons = new Map<string, string[]>();
  for (const { target, standings } of groups) {
    for (const { variant, gaps, ...standing } of standings) {
      if (isMeasured({ variant, gaps, ...standing }) || gaps.quality?.status !== 'skipped') continue;
      const what = `${variant.name} on ${target}`;
      reasons.set(gaps.quality.reason, [...(reasons.get(gaps.quality.reason) ?? []), what]);
    }
  }
  return [...reasons].map(([reason, what]) => `skipped: ${what.join(', ')}: ${reason}\n`).join('');
}

function formatWarnings(groups: readonly GroupStanding[]): string {
  const warnings = groups.flatMap((group) =>
    group.warnings.map(({ detail }) => `warning: ${group.target}: ${detail}\n`),
  );
  return [...new Set(warnings)].join('');
}

/** What failed, a line a cell; empty where nothing did. */
export function formatFailures(stored: StoredRun): string {
  const rows = stored.records.flatMap(({ record }): string[][] => {
    const { subject } = record;
    const where = [subject.suite.id, subject.model.id, `${subject.target.runner}/${subject.target.device}`];
    const outcomes =
      record.kind === 'cell'
        ? [{ variant: record.variant.name, outcome: record.outcome }]
        : record.variants.map(({ variant, timed }) => ({ variant: variant.name, outcome: timed }));
    return outcomes.flatMap(({ variant, outcome }) =>
      outcome.status === 'failed'
        ? [[...where, variant, record.kind === 'cell' ? 'quality' : 'timing', outcome.reason]]
        : [],
    );
  });
  if (rows.length === 0) return '';
  return `\nFailed\n${formatTable(['suite', 'model', 'target', 'variant', 'step', 'reason'], rows)}`;
}
