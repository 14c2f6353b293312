import type { FiledRecord, StoredRun } from '../../results/read-runs.ts';
import type { StoredRecord } from '../../results/schema.ts';
import { compareSubjects, targetOf, type Entry } from './choose-records.ts';
import { column, textCell, type DataCell, type DataTable } from './data-table.ts';
import { clip, formatDuration, formatMoment, formatNumber } from './format.ts';
import { shortRevision } from './key-figures.ts';
import { paths, recordSlug } from './paths.ts';

/** Every run, newest first. */
export function runsTable(runs: readonly StoredRun[]): DataTable {
  return {
    caption: 'Runs, newest first',
    columns: [
      column('Started'),
      column('Status'),
      column('Form'),
      column('Records', 'of those planned'),
      column('Suites'),
      column('Processor'),
      column('Git revision'),
    ],
    rows: runs.toReversed().map(({ run, records }) => ({
      name: clip(run.id, 60),
      path: paths.run(run.id),
      cells: [
        textCell(formatMoment(run.startedAt)),
        textCell(run.status),
        textCell(run.form),
        textCell(
          formatNumber(records.length, 0),
          `of ${formatNumber(run.planned.cells + run.planned.groups + run.planned.scenarios, 0)}`,
        ),
        textCell(clip(run.suites.map(({ id }) => id).join(', '), 120)),
        textCell(clip(run.environment.cpu.model, 60)),
        textCell(run.gitRevision === null ? '–' : shortRevision(run.gitRevision)),
      ],
    })),
  };
}

/** The records of a run; those with a page of their own lead there, an older one of the same job to its JSON. */
export function runRecordsTable({ run, records }: StoredRun, pages: ReadonlyMap<string, Entry>): DataTable {
  return {
    caption: 'Records',
    columns: [column('Record'), column('Target'), column('Outcome'), column('Duration')],
    rows: records.toSorted(byPlace).map(({ record }) => ({
      name: clip(record.subject.model.id, 60),
      path:
        pages.get(recordSlug(record))?.record === record
          ? paths.record(record)
          : paths.recordData(run.id, record),
      cells: [
        textCell(
          record.kind === 'group'
            ? 'timing of the group'
            : `${record.kind === 'cell' ? 'quality' : record.scenario} of ${clip(record.variant.name, 60)}`,
        ),
        textCell(clip(targetOf(record.subject), 60)),
        outcomeCell(record),
        textCell(formatDuration(record.durationMs)),
      ],
    })),
  };
}

/** By suite, model and target; the group before its cells. */
function byPlace({ record: a }: FiledRecord, { record: b }: FiledRecord): number {
  return compareSubjects(a.subject, b.subject) || Number(b.kind === 'group') - Number(a.kind === 'group');
}

function outcomeCell(record: StoredRecord): DataCell {
  if (record.kind !== 'group') return textCell(record.outcome.status);
  const counts = Map.groupBy(record.variants, ({ timed }) => timed.status);
  return textCell([...counts].map(([status, { length }]) => `${length} ${status}`).join(', '));
}
