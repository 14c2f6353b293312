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

/** One kind of load of one model on one target: every variant under it. */
export interface ScenarioReport {
  subject: Subject;
  target: string;
  records: readonly ScenarioRecord[];
  table: DataTable | null;
  /** When and how it was measured, in words. */
  note: string;
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
  const records = entries.map(({ record }) => record).sort(baselineFirst);
  const { run, record } = first;
  const note = `Measured on ${formatDate(record.startedAt)}${run.form === 'default' ? '' : `, ${run.form} form`}, each variant in a process of its own.`;
  const target = clip(targetOf(record.subject), 60);
  return [{ subject: record.subject, target, records, table: scenarioTable(records), note }];
}

function baselineFirst({ variant: a }: ScenarioRecord, { variant: b }: ScenarioRecord): number {
  return Number(b.isBaseline) - Number(a.isBaseline) || (a.name < b.name ? -1 : Number(a.name > b.name));
}

const orderOfKinds = ['single-stream', 'multi-stream', 'offline', 'server', 'thread-sweep'] as const;

function order({ records: [first] }: ScenarioReport): number {
  return first === undefined ? 0 : orderOfKinds.indexOf(first.scenario);
}
