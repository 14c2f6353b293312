import type { StoredRun } from '../../results/read-runs.ts';
import type { CellRecord, GroupRecord, RunRecord, StoredRecord, Subject } from '../../results/schema.ts';
import { formatTarget } from '../../results/target-schema.ts';

/** A record with the run it belongs to. */
export interface Entry<Kind extends StoredRecord = StoredRecord> {
  run: RunRecord;
  record: Kind;
}

/** What is shown of one model of a suite on one target: its newest group, and the newest cell of each variant. */
export interface ChosenGroup {
  subject: Subject;
  group: Entry<GroupRecord> | null;
  cells: ReadonlyMap<string, Entry<CellRecord>>;
}

/** Every record of every run. */
export function entriesOf(runs: readonly StoredRun[]): Entry[] {
  return runs.flatMap(({ run, records }) => records.map(({ record }) => ({ run, record })));
}

/**
 * The records the index shows, by suite, model and target. The newest wins, whatever its outcome: a failure takes the
 * place of an older figure. A quick run never takes the place of a default one.
 */
export function chooseRecords(runs: readonly StoredRun[]): ChosenGroup[] {
  const chosen = new Map<
    string,
    { group: Entry<GroupRecord> | null; cells: Map<string, Entry<CellRecord>> }
  >();
  for (const { run, record } of entriesOf(runs).sort(fromWeakToStrong)) {
    if (record.kind === 'scenario') continue;
    const key = placeOf(record.subject);
    const place = chosen.get(key) ?? { group: null, cells: new Map<string, Entry<CellRecord>>() };
    chosen.set(key, place);
    if (record.kind === 'group') place.group = { run, record };
    else place.cells.set(record.variant.name, { run, record });
  }
  return [...chosen.values()].map(withSubject).sort((a, b) => compareSubjects(a.subject, b.subject));
}

/** By form, then by time: what is shown comes last. */
export function fromWeakToStrong(a: Entry, b: Entry): number {
  return formRank(a) - formRank(b) || compareText(a.record.startedAt, b.record.startedAt);
}

function formRank({ run }: Entry): number {
  return run.form === 'quick' ? 0 : 1;
}

function withSubject(place: Omit<ChosenGroup, 'subject'>): ChosenGroup {
  const entries = [...(place.group === null ? [] : [place.group]), ...place.cells.values()];
  const [first] = entries;
  if (first === undefined) throw new Error('internal: a place without a record');
  return { ...place, subject: first.record.subject };
}

/** What records of the same suite, model and target share. */
export function placeOf({ suite, model, target }: Subject): string {
  return JSON.stringify([suite.id, model.id, target]);
}

/** By suite, model and target, the same on every machine. */
export function compareSubjects(a: Subject, b: Subject): number {
  return (
    compareText(a.suite.id, b.suite.id) ||
    compareText(a.model.id, b.model.id) ||
    compareText(targetOf(a), targetOf(b))
  );
}

/** Runner and device, written `onnxruntime/cpu`, with the label where there is one. */
export function targetOf({ target }: Pick<Subject, 'target'>): string {
  return formatTarget(target);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
