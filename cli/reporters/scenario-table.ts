import type { StoredRun } from '../../results/read-runs.ts';
import type { ScenarioRecord } from '../../results/schema.ts';
import { targetOf } from '../../site/views/choose-records.ts';
import { scenarioFinding } from '../../site/views/scenario-text.ts';
import { joinedLines } from './joined-lines.ts';
import { formatTable } from './table.ts';

const headings = ['scenario', 'model', 'target', 'variant', 'found', 'valid'];

/** A line for each scenario that was measured, and below why figures are not valid and others were skipped; empty where there is none. */
export function formatScenarios({ records }: StoredRun): string {
  const scenarios = records.flatMap(({ record }) => (record.kind === 'scenario' ? [record] : []));
  const rows = scenarios.sort(byPlace).flatMap(rowOf);
  const table = rows.length === 0 ? '' : `\nScenarios\n${formatTable(headings, rows)}`;
  return `${table}${formatInvalid(scenarios)}${formatSkipped(scenarios, measuredCells(records))}`;
}

function measuredCells(records: StoredRun['records']): Set<string> {
  return new Set(
    records.flatMap(({ record }) =>
      record.kind === 'cell' && record.outcome.status === 'measured' ? [cellOf(record)] : [],
    ),
  );
}

function cellOf({ subject, variant }: Pick<ScenarioRecord, 'subject' | 'variant'>): string {
  return [subject.suite.id, subject.model.id, targetOf(subject), variant.name].join(' ');
}

/** Of a cell that was skipped itself, the reason is told already. */
function formatSkipped(scenarios: readonly ScenarioRecord[], measured: ReadonlySet<string>): string {
  const told = scenarios.flatMap((record) => {
    const { subject, variant, scenario, outcome } = record;
    if (outcome.status !== 'skipped' || !measured.has(cellOf(record))) return [];
    const place = { model: subject.model.id, target: targetOf(subject), variant: variant.name };
    return [{ ...place, text: `${scenario}: ${outcome.reason}` }];
  });
  const lines = joinedLines(told).map((line) => `  ${line}\n`);
  return lines.length === 0 ? '' : `\nScenarios skipped\n${lines.join('')}`;
}

function byPlace(a: ScenarioRecord, b: ScenarioRecord): number {
  const [first, second] = [placeOf(a), placeOf(b)];
  return first < second ? -1 : Number(first > second);
}

/** Baselines come first. */
function placeOf({ subject, scenario, variant }: ScenarioRecord): string {
  const role = variant.isBaseline ? 0 : 1;
  return [subject.suite.id, subject.model.id, targetOf(subject), scenario, role, variant.name].join(' ');
}

function rowOf({ subject, scenario, variant, outcome }: ScenarioRecord): string[][] {
  if (outcome.status !== 'measured') return [];
  const { result } = outcome;
  const validity = result.invalidReasons.length === 0 ? 'yes' : 'no';
  const place = [scenario, subject.model.id, targetOf(subject), variant.name];
  return [[...place, scenarioFinding(result), validity]];
}

/** Reasons differ in their figures alone; the first of each scenario stands for the others. */
function formatInvalid(scenarios: readonly ScenarioRecord[]): string {
  const reasons = scenarios.flatMap(({ scenario, variant, outcome }) => {
    if (outcome.status !== 'measured' || outcome.result.invalidReasons.length === 0) return [];
    return [{ scenario, text: `${variant.name}: ${outcome.result.invalidReasons.join('; ')}` }];
  });
  const lines = [...Map.groupBy(reasons, ({ scenario }) => scenario)].map(
    ([scenario, [first, ...more]]) =>
      `  ${scenario} of ${first?.text ?? ''}${more.length === 0 ? '' : ` (and ${more.length} more)`}\n`,
  );
  return lines.length === 0 ? '' : `\nNot valid\n${lines.join('')}`;
}
