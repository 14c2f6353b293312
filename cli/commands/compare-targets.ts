import { AssayError, exitCodes, type ExitCode } from '../../core/errors.ts';
import type { StoredRun } from '../../results/read-runs.ts';
import { chooseRecords } from '../../site/views/choose-records.ts';
import { standGroup, type GroupStanding } from '../../site/views/standings.ts';
import { targetMatrix, type TargetMatrix } from '../../site/views/target-matrix.ts';
import type { CommandError, CommandResult } from '../command.ts';
import { formatTargetMatrix } from '../reporters/target-matrix.ts';

/** One model of a suite and its matrix. */
interface Compared extends TargetMatrix {
  suite: string;
  model: string;
}

/** `assay compare --targets [run]`: whether each variant computes the same on every target. */
export function compareTargets(stored: StoredRun): CommandResult {
  const compared = byModel(chooseRecords([stored]).map(standGroup));
  if (compared.length === 0) {
    throw nothingToCompare(stored);
  }
  const errors = compared.flatMap(errorsOf);
  return {
    exitCode: exitCodeOf(errors),
    data: { run: stored.run.id, models: compared },
    text: compared.map((one) => `${one.suite} · ${one.model}\n${formatTargetMatrix(one)}`).join('\n'),
    errors,
  };
}

/** Targets are compared as groups are, at the end of a run. */
function nothingToCompare({ run, records }: StoredRun): AssayError {
  const groups = records.filter(({ record }) => record.kind === 'group').length;
  const message = `Run ${run.id} holds no model with outputs on several targets`;
  if (run.status === 'complete')
    return new AssayError('nothing-measured', `${message}.`, {
      hint: 'name several targets in a suite, then assay run',
    });
  const left = `${message}: it is ${run.status}, with ${groups} of ${run.planned.groups} groups compared.`;
  return new AssayError('nothing-measured', left, {
    hint: 'give the command of the run again, which goes on with what is missing',
  });
}

function exitCodeOf(errors: readonly CommandError[]): ExitCode {
  if (errors.some(({ code }) => code === 'inconsistent-target')) return exitCodes.gateFailed;
  return errors.length === 0 ? exitCodes.pass : exitCodes.incomplete;
}

/** A variant that failed on a target is not known to do the same there. */
function errorsOf({ suite, model, targets, reference, rows }: Compared): CommandError[] {
  return rows.flatMap(({ variant, cells }) =>
    cells.flatMap((cell, index) => {
      const what = `${suite} ${model} ${variant} on ${targets[index] ?? ''}`;
      if (cell.kind === 'missing' && cell.isFailed)
        return [{ code: 'failed', message: `${what}: ${cell.reason}`, hint: null }];
      if (cell.kind !== 'compared' || cell.consistency.isConsistent !== false) return [];
      const message = `${what}: its outputs are not those on ${reference}`;
      return [{ code: 'inconsistent-target', message, hint: null }];
    }),
  );
}

function byModel(groups: readonly GroupStanding[]): Compared[] {
  const models = Map.groupBy(groups, ({ chosen: { subject } }) =>
    JSON.stringify([subject.suite.id, subject.model.id]),
  );
  return [...models.values()].flatMap((ofModel) => {
    const matrix = targetMatrix(ofModel);
    const subject = ofModel[0]?.chosen.subject;
    if (matrix === null || subject === undefined) return [];
    return [{ suite: subject.suite.id, model: subject.model.id, ...matrix }];
  });
}
