import type { Advice } from '../../core/advice.ts';
import type { Expected } from '../../models/explain/expect.ts';
import type { Profile } from '../../models/explain/profile.ts';
import { hasDotProduct } from '../../models/explain/situation.ts';
import type { LatencyComparison } from '../../results/latency-schema.ts';
import { formatTarget } from '../../results/target-schema.ts';
import type { Explanation } from '../../runners/explain/explain-variant.ts';
import type { StoredExplanation } from '../../runners/explain/explain-stored.ts';
import type { Subject } from '../../runners/explain/subject.ts';
import { formatCount, formatNumber, formatTime } from '../../site/views/format.ts';
import { speedUpOf } from '../../site/views/standings.ts';
import { formatParts, formatRatioRange } from './expectation-text.ts';
import { formatTable } from './table.ts';

type Explained = Extract<Explanation, { status: 'explained' }>;

/** Why a variant is as fast as it is, or why there is none. */
export function formatExplanation(
  { model, variant }: { model: string; variant: string },
  subject: Subject,
  explanation: Explanation,
): string {
  const title = `${variant} of ${model} on ${formatTarget(subject.target)}`;
  if (explanation.status !== 'explained')
    return `${title}: ${explanation.status.replace('-', ' ')}: ${explanation.reason}\n`;
  const summaries = explanation.variant.passes.map(({ summary }) => `  ${summary}\n`);
  return [
    `${title}, ${formatCount(subject.batchSize, 'sample')} a call, ${formatCount(subject.threads, 'thread')}\n`,
    ...summaries,
    `\n${formatSituation(subject)}`,
    `\n${formatVerdict(explanation)}`,
    `\n${formatOperators(explanation.profiles)}`,
    formatAdvice(explanation.advice),
  ].join('');
}

/** What a variant of TF.js models alone is good for. */
export function formatStored(
  { model, variant }: { model: string; variant: string },
  explanation: StoredExplanation,
): string {
  const title = `${variant} of ${model} as a TF.js model`;
  if (explanation.status !== 'stored')
    return `${title}: ${explanation.status.replace('-', ' ')}: ${explanation.reason}\n`;
  const summaries = explanation.variant.passes.map(({ summary }) => `  ${summary}\n`);
  return `${title}\n${summaries.join('')}${formatAdvice(explanation.advice)}`;
}

/** What inputs were used, and what of the processor matters. */
export function formatSituation(subject: Subject): string {
  const { cpuFlags, areInputsMadeUp, shapesKnown, dataset } = subject;
  const shapes = Object.entries(shapesKnown.served).map(([name, shape]) => `${name} ${shape.join('x')}`);
  const from = areInputsMadeUp ? 'made up' : `of the test split of ${dataset ?? ''}`;
  const kind = hasDotProduct({ cpuFlags }) ? 'with an integer dot product' : 'without an integer dot product';
  return `Inputs     ${shapes.join(', ')}, ${from}\nProcessor  ${kind}: ${cpuFlags.join(' ')}\n`;
}

function formatVerdict({ expected, latency, untimedReason }: Explained): string {
  const expectation = expected === null ? '' : `Expected   ${formatRatioRange(expected.ratio)}\n`;
  const parts = expected === null ? '' : formatParts(expected);
  if (latency === null) return `${expectation}Achieved   not timed: ${untimedReason ?? ''}\n${parts}`;
  const { value, interval } = speedUpOf(latency);
  const range =
    interval === null ? '' : ` (${formatNumber(interval.low, 2)} to ${formatNumber(interval.high, 2)})`;
  const held = expected === null ? '' : `, ${heldAgainst(expected, latency)}`;
  return `${expectation}Achieved   ${formatNumber(value, 2)} times as fast${range}${held}\n${parts}`;
}

/** An expectation is a range, and so is what was measured: they agree where they meet. */
export function heldAgainst({ ratio }: Expected, latency: LatencyComparison): string {
  const { value, interval } = speedUpOf(latency);
  if (ratio === null) return 'and there is no expectation to hold it against';
  if ((interval?.high ?? value) < ratio.low) return 'less than expected';
  return (interval?.low ?? value) > ratio.high ? 'more than expected' : 'as expected';
}

interface OperatorRow {
  nodes: number;
  ms: number;
}

/** Nodes and time of each operator, before and after; those of another provider are rows of their own. */
function formatOperators({ baseline, variant }: Explained['profiles']): string {
  const [before, after] = [byOperator(baseline), byOperator(variant)];
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const timeOf = (name: string): number => (before.get(name)?.ms ?? 0) + (after.get(name)?.ms ?? 0);
  const rows = names
    .sort((a, b) => timeOf(b) - timeOf(a))
    .map((name) => [name, ...cells(before.get(name)), ...cells(after.get(name))]);
  const total = ['all', ...cells(totalOf(before)), ...cells(totalOf(after))];
  const headings = ['executed operator', 'nodes before', 'time before', 'nodes after', 'time after'];
  return formatTable(headings, [...rows, total]);
}

function byOperator({ nodes }: Profile): Map<string, OperatorRow> {
  const rows = new Map<string, OperatorRow>();
  for (const { operator, provider, ms } of nodes) {
    const name = `${operator} (${provider})`;
    const row = rows.get(name) ?? { nodes: 0, ms: 0 };
    rows.set(name, { nodes: row.nodes + 1, ms: row.ms + ms });
  }
  return rows;
}

function totalOf(rows: ReadonlyMap<string, OperatorRow>): OperatorRow {
  const all = [...rows.values()];
  return {
    nodes: all.reduce((sum, { nodes }) => sum + nodes, 0),
    ms: all.reduce((sum, { ms }) => sum + ms, 0),
  };
}

function cells(row: OperatorRow | undefined): string[] {
  return row === undefined ? ['-', '-'] : [String(row.nodes), formatTime(row.ms)];
}

/** A piece of advice a line, with what to do below it. */
export function formatAdvice(advice: readonly Advice[]): string {
  if (advice.length === 0) return '\nNothing to advise.\n';
  const lines = advice.map(({ code, detail, action }) => `  ${code}: ${detail}\n    ${action}\n`);
  return `\nAdvice\n${lines.join('')}`;
}
