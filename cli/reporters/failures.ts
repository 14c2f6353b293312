import { stripVTControlCharacters } from 'node:util';
import type { StoredRun } from '../../results/read-runs.ts';
import type { QualityOutcome, ScenarioOutcome, StoredRecord, TimedOutcome } from '../../results/schema.ts';
import { formatTarget } from '../../results/target-schema.ts';
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

/** Every step of a run that failed, in the order of its records. */
export function failuresOf({ records }: Pick<StoredRun, 'records'>): CellError[] {
  return records.flatMap(({ record }) =>
    outcomesOf(record).flatMap(({ variant, outcome }) => {
      if (outcome.status !== 'failed') return [];
      const { suite, model, target } = record.subject;
      const where = { suite: suite.id, model: model.id, target: formatTarget(target), variant };
      const { code, reason: message, stderrTail } = outcome;
      return [{ code, message, hint: null, ...where, step: steps[record.kind], stderrTail }];
    }),
  );
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
