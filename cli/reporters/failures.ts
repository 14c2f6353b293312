import { stripVTControlCharacters } from 'node:util';
import type { StoredRun } from '../../results/read-runs.ts';
import type { QualityOutcome, ScenarioOutcome, StoredRecord, TimedOutcome } from '../../results/schema.ts';
import { formatTarget } from '../../results/target-schema.ts';
import { compareSubjects, placeOf } from '../../site/views/choose-records.ts';
import type { CommandError } from '../command.ts';
import { formatTable } from './table.ts';

/** What failed of a cell: the code is that of its outcome, the message the reason. */
export interface CellError extends CommandError {
  suite: string;
  model: string;
  target: string;
  variant: string;
  step: 'quality' | 'timing' | 'scenario';
  /** Last lines of the process's stderr, where there were any. */
  stderrTail: string | null;
}

const steps = { cell: 'quality', group: 'timing', scenario: 'scenario' } as const;

type Outcome = QualityOutcome | TimedOutcome | ScenarioOutcome;

/** Every step of a run that failed, by suite, model and target as in the other tables, then by variant as the suite has them. */
export function failuresOf({ records }: Pick<StoredRun, 'records'>): CellError[] {
  const places = Map.groupBy(
    records.map(({ record }) => record).sort((a, b) => compareSubjects(a.subject, b.subject)),
    ({ subject }) => placeOf(subject),
  );
  return [...places.values()].flatMap((ofPlace) => {
    const variants = variantsOf(ofPlace);
    const rank = (one: CellError): number => variants.indexOf(one.variant);
    return ofPlace
      .toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
      .flatMap(failuresIn)
      .sort((a, b) => rank(a) - rank(b));
  });
}

const order: readonly StoredRecord['kind'][] = ['cell', 'group', 'scenario'];

/** The group has them all; one that was not reached leaves them in the order of their names. */
function variantsOf(records: readonly StoredRecord[]): string[] {
  const group = records.find(({ kind }) => kind === 'group');
  const names = (record: StoredRecord): string[] => outcomesOf(record).map(({ variant }) => variant);
  return [...(group === undefined ? [] : names(group)), ...records.flatMap(names).sort()];
}

function failuresIn(record: StoredRecord): CellError[] {
  return outcomesOf(record).flatMap(({ variant, outcome }) => {
    if (outcome.status !== 'failed') return [];
    const { suite, model, target } = record.subject;
    const where = { suite: suite.id, model: model.id, target: formatTarget(target), variant };
    const { code, reason: message, stderrTail } = outcome;
    return [{ code, message, hint: null, ...where, step: steps[record.kind], stderrTail }];
  });
}

function outcomesOf(record: StoredRecord): { variant: string; outcome: Outcome }[] {
  if (record.kind !== 'group') return [{ variant: record.variant.name, outcome: record.outcome }];
  return record.variants.map(({ variant, timed }) => ({ variant: variant.name, outcome: timed }));
}

/** A line a failure, with what its process said last on stderr; empty where nothing failed. */
export function formatFailures(failures: readonly CellError[]): string {
  if (failures.length === 0) return '';
  const rows = failures.map((failure) => {
    const { suite, model, target, variant, step } = failure;
    return [suite, model, target, variant, step, reasonOf(failure)];
  });
  return `\nFailed\n${formatTable(['suite', 'model', 'target', 'variant', 'step', 'reason'], rows)}`;
}

function reasonOf({ message, stderrTail }: CellError): string {
  const said = stripVTControlCharacters(stderrTail ?? '').trim();
  const last =
    said
      .split(/\r?\n|\r/)
      .at(-1)
      ?.trim() ?? '';
  return last === '' ? message : `${message}; stderr ends with: ${last}`;
}
