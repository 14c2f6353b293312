import type { StoredRun } from '../../results/read-runs.ts';
import { undefinedMetrics } from '../../results/undefined-metrics.ts';
import type { Warning } from '../../results/warning-schema.ts';
import { apartLatencies } from '../../site/views/apart-latencies.ts';
import { metricName } from '../../site/views/cell-tables.ts';
import { chooseRecords } from '../../site/views/choose-records.ts';
import {
  formatBytes,
  formatCount,
  formatNumber,
  formatP,
  formatRange,
  formatSigned,
  formatTime,
} from '../../site/views/format.ts';
import { qualityDecimals } from '../../site/views/quality-decimals.ts';
import { standGroup, type GroupStanding, type Standing } from '../../site/views/standings.ts';
import { formatChanges } from './changes.ts';
import { joinUndefined } from './join-undefined.ts';
import { joinedLines, type Told } from './joined-lines.ts';
import { formatTable } from './table.ts';
import { withinSentence } from './within-sentence.ts';

const headings = [
  'model',
  'target',
  'variant',
  'quality',
  'change',
  'p',
  '',
  'latency',
  'speed-up',
  '',
  'size',
];

/** The verdicts of a run, a table a suite; below them what was skipped, and what to doubt, each once. */
export function formatVerdicts(stored: StoredRun): string {
  const groups = chooseRecords([stored]).map(standGroup);
  const suites = [...new Set(groups.map(({ chosen }) => chosen.subject.suite.id))];
  const tables = suites.map((id) =>
    formatSuite(groups.filter(({ chosen }) => chosen.subject.suite.id === id)),
  );
  const rest = [
    formatChanges(stored),
    formatUndefined(groups),
    formatSkipped(groups),
    formatWarnings(groups),
  ];
  return [...tables, ...rest].join('');
}

function formatSuite(groups: readonly GroupStanding[]): string {
  const [first] = groups;
  const measured = groups.filter(({ standings }) => standings.some(isMeasured));
  const rows = measured.flatMap(formatRows);
  const metric = groups
    .flatMap(({ standings }) => standings)
    .find(({ primary }) => primary !== null)?.primary;
  const title = first?.chosen.subject.suite.title ?? '';
  const judgedBy =
    metric == null
      ? ''
      : `, ${withinSentence(metricName(metric))} (${metric.direction.replaceAll('-', ' ')})`;
  const table = rows.length === 0 ? 'nothing measured\n' : formatTable(headings, rows);
  const isAnyApart = measured.some(({ standings }) => apartLatencies(standings).length > 0);
  return `\n${title}${judgedBy}\n${table}${isAnyApart ? apartNote : ''}`;
}

const apartMark = '*';
const apartNote = `${apartMark} sampled after the pairs, when the machine was busier or less busy; SPEED-UP is of the pairs\n`;

function formatRows(group: GroupStanding): string[][] {
  const decimals = qualityDecimals(group.standings).value;
  const apart = apartLatencies(group.standings);
  return group.standings
    .filter(isMeasured)
    .map((standing) =>
      formatRow(group, standing, { decimals, isApart: apart.includes(standing.variant.name) }),
    );
}

function isMeasured({ primary, profile }: Standing): boolean {
  return primary !== null || profile !== null;
}

/** All qualities of a group, and their differences, have as many decimals as tell them apart. */
function formatRow(
  { chosen, target }: GroupStanding,
  standing: Standing,
  { decimals, isApart }: { decimals: number; isApart: boolean },
): string[] {
  const { primary, quality, latency, profile, speedUp, variant } = standing;
  return [
    chosen.subject.model.id,
    target,
    variant.name,
    primary?.value == null ? (primary === null ? '-' : 'undefined') : formatNumber(primary.value, decimals),
    quality === null ? (variant.isBaseline ? 'baseline' : '-') : formatSigned(quality.difference, decimals),
    equalityOf(quality),
    verdictOf(quality),
    profile === null ? '-' : `${formatTime(profile.p50Ms)}${isApart ? apartMark : ''}`,
    speedUp === null
      ? ''
      : `${formatNumber(speedUp.value, 2)}x (${speedUp.interval === null ? '' : formatRange(speedUp.interval, 2)})`,
    latency?.verdict ?? '',
    formatSize(standing),
  ];
}

/** Weights that are small in the file alone are labelled where the size tempts. */
function formatSize({ variant, advice }: Standing): string {
  if (variant.sizeBytes === null) return '-';
  const isStorageOnly = advice.some(({ code }) => code === 'storage-only');
  return `${formatBytes(variant.sizeBytes)}${isStorageOnly ? ', storage only' : ''}`;
}

type Quality = Standing['quality'];

/** The p that the variant is as good as its baseline, and McNemar's mid-p beside it. */
function equalityOf(quality: Quality): string {
  const equality = quality?.equality ?? null;
  if (equality === null) return '';
  return `${formatP(equality.p)}${equality.midP === null ? '' : ` (mid ${formatP(equality.midP)})`}`;
}

/** An open verdict with what it would take to close it. */
function verdictOf(quality: Quality): string {
  if (quality === null) return '';
  const { verdict, neededSamples } = quality;
  return neededSamples === null ? verdict : `${verdict}, ${formatCount(neededSamples, 'more sample')}`;
}

/** Why metrics have no value, whether their baseline has one or not: those of one reason in a line. */
function formatUndefined(groups: readonly GroupStanding[]): string {
  const missing = groups.flatMap((group) => {
    const ofGroup = group.standings.flatMap(({ variant, cell }) =>
      undefinedMetrics(cell?.record).map((metric) => ({ variant: variant.name, metric })),
    );
    return joinUndefined(ofGroup).flatMap(({ variants, text }) =>
      variants.map((variant) => ({ ...placeOf(group), variant, text })),
    );
  });
  return summarise('Undefined', missing);
}

function formatSkipped(groups: readonly GroupStanding[]): string {
  const skipped = groups.flatMap((group) =>
    group.standings.flatMap(({ variant, gaps }) => {
      const gap = gaps.quality ?? gaps.timing;
      if (gap?.status !== 'skipped') return [];
      return [{ ...placeOf(group), variant: variant.name, text: gap.reason }];
    }),
  );
  return `${summarise('Skipped', skipped)}${remedyOf(groups)}`;
}

/** A run passes without a target that does not work here, so that one suite serves every machine; a job may need one. */
function remedyOf(groups: readonly GroupStanding[]): string {
  const missing = groups.filter(({ chosen }) =>
    [...chosen.cells.values()].some(
      ({ record: { outcome } }) => outcome.status === 'skipped' && outcome.code === 'unavailable',
    ),
  );
  if (missing.length === 0) return '';
  const targets = [...new Set(missing.map(({ target }) => target))].join(' ');
  return `    assay doctor ${targets} tells what mends it, and ends with 4 for a job that must not go without\n`;
}

function placeOf({ chosen, target }: GroupStanding): Pick<Told, 'model' | 'target'> {
  return { model: chosen.subject.model.id, target };
}

/** A model of many outputs can have hundreds. */
const mostOfOneCode = 10;

type Doubt = Told & Pick<Warning, 'code' | 'advice'>;

function formatWarnings(groups: readonly GroupStanding[]): string {
  const kinds = Map.groupBy(groups.flatMap(doubtsOf), ({ code, advice }) => `${code} ${advice}`);
  const lines = [...kinds.values()].map(formatAdvised);
  return lines.length === 0 ? '' : `\nDoubts\n${lines.join('')}`;
}

/** Those of a group are on all of its variants, as timed together; those of cells are on one each. */
function doubtsOf(group: GroupStanding): Doubt[] {
  const { group: timed, cells } = group.chosen;
  const doubtsIn = (warnings: readonly Warning[], variant: string | null): Doubt[] =>
    warnings.map(({ code, detail, advice }) => ({ ...placeOf(group), variant, code, advice, text: detail }));
  return [
    ...doubtsIn(timed?.record.warnings ?? [], null),
    ...[...cells.values()].flatMap(({ record }) => doubtsIn(record.warnings, record.variant.name)),
  ];
}

/** What is told, of the first of many each by itself, and what to do about them all. */
function formatAdvised(doubts: readonly Doubt[]): string {
  const lines = joinedLines(doubts);
  const rest = lines.length - mostOfOneCode;
  const more = rest > 0 ? `  … and ${formatCount(rest, 'more doubt')} of the kind, which --json lists\n` : '';
  const [first] = doubts;
  const shown = lines.slice(0, mostOfOneCode).map((line) => `  ${first?.code ?? ''}: ${line}\n`);
  return `${shown.join('')}${more}    ${first?.advice ?? ''}\n`;
}

function summarise(title: string, items: readonly Told[]): string {
  const lines = joinedLines(items);
  return lines.length === 0 ? '' : `\n${title}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}
