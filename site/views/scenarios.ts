import type { StoredRun } from '../../results/read-runs.ts';
import type { ScenarioRecord, Subject } from '../../results/schema.ts';
import {
  compareSubjects,
  entriesOf,
  fromWeakToStrong,
  placeOf,
  targetOf,
  type Entry,
} from './choose-records.ts';
import type { DataTable } from './data-table.ts';
import { clip, formatDate } from './format.ts';
import { scenarioTable } from './scenario-tables.ts';
import { scenarioTexts } from './scenario-text.ts';

/** One kind of load of one model on one target: every variant under it. */
export interface ScenarioReport {
  subject: Subject;
  target: string;
  title: string;
  /** Those that were not skipped, the baseline first. */
  records: readonly ScenarioRecord[];
  table: DataTable | null;
  /** When and how it was measured, and what was not. */
  notes: readonly string[];
}

/**
 * The scenarios a report shows: of each suite, model and target, those of its newest run that has any. A quick run never
 * takes the place of a longer one.
 */
export function chooseScenarios(runs: readonly StoredRun[]): ScenarioReport[] {
  const entries = entriesOf(runs).sort(fromWeakToStrong).filter(isScenario);
  const places = Map.groupBy(entries, ({ record }) => placeOf(record.subject));
  return [...places.values()]
    .flatMap(newestRun)
    .sort((a, b) => compareSubjects(a.subject, b.subject) || order(a) - order(b));
}

function isScenario(entry: Entry): entry is Entry<ScenarioRecord> {
  return entry.record.kind === 'scenario';
}

function newestRun(entries: readonly Entry<ScenarioRecord>[]): ScenarioReport[] {
  const newest = entries.at(-1)?.run;
  const ofRun = entries.filter(({ run }) => run === newest);
  const kinds = Map.groupBy(ofRun, ({ record }) => record.scenario);
  return [...kinds.values()].flatMap(reportOf);
}

function reportOf(entries: readonly Entry<ScenarioRecord>[]): ScenarioReport[] {
  const [first] = entries;
  if (first === undefined) return [];
  const all = entries.map(({ record }) => record).sort(baselineFirst);
  const records = all.filter(({ outcome }) => outcome.status !== 'skipped');
  const { run, record } = first;
  const form = run.form === 'default' ? '' : `, ${run.form} form`;
  const measured = `Measured on ${formatDate(record.startedAt)}${form}, each variant in a process of its own.`;
  return [
    {
      subject: record.subject,
      target: clip(targetOf(record.subject), 60),
      title: scenarioTexts[record.scenario].title,
      records,
      table: scenarioTable(records),
      notes: [...(records.length === 0 ? [] : [measured]), ...doubtNotes(records), ...skippedNotes(all)],
    },
  ];
}

/** The pages of the records say more of each. */
function doubtNotes(records: readonly ScenarioRecord[]): string[] {
  const codes = new Set(records.flatMap(({ warnings }) => warnings.map(({ code }) => code)));
  return codes.size === 0 ? [] : [`Doubts: ${[...codes].join(', ')}.`];
}

/** One note a reason. */
function skippedNotes(records: readonly ScenarioRecord[]): string[] {
  const skipped = records.flatMap(({ variant, outcome }) =>
    outcome.status === 'skipped' ? [{ name: clip(variant.name, 60), reason: clip(outcome.reason, 160) }] : [],
  );
  return [...Map.groupBy(skipped, ({ reason }) => reason)].map(
    ([reason, members]) => `Skipped: ${members.map(({ name }) => name).join(', ')}. ${reason}`,
  );
}

function baselineFirst({ variant: a }: ScenarioRecord, { variant: b }: ScenarioRecord): number {
  return Number(b.isBaseline) - Number(a.isBaseline) || (a.name < b.name ? -1 : Number(a.name > b.name));
}

const titles = Object.values(scenarioTexts).map(({ title }) => title);

function order({ title }: ScenarioReport): number {
  return titles.findIndex((one) => one === title);
}
