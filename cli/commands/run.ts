import path from 'node:path';
import { AssayError, exitCodes } from '../../core/errors.ts';
import { shellWord } from '../../core/shell-word.ts';
import { readRun, type StoredRun } from '../../results/read-runs.ts';
import type { RunRecord } from '../../results/schema.ts';
import { forms, type Form } from '../../runners/form.ts';
import { runSuites } from '../../runners/run-suites.ts';
import { loadSuites } from '../../suites/load.ts';
import { abortOnInterrupt } from '../abort-on-interrupt.ts';
import type { CommandError, CommandResult } from '../command.ts';
import { failuresOf, formatFailures } from '../reporters/failures.ts';
import { formatNothingCompared } from '../reporters/nothing-compared.ts';
import { isMeasured, nothingMeasured } from '../reporters/nothing-measured.ts';
import { createProgress } from '../reporters/progress.ts';
import { formatScenarios } from '../reporters/scenario-table.ts';
import { formatVerdicts } from '../reporters/verdict-table.ts';
import { withoutVerdict } from '../reporters/without-verdict.ts';
import { bytesText } from '../routes/bytes.ts';
import { durationText } from '../routes/duration.ts';
import { defaultResults } from '../routes/parameters.ts';
import type { ResultsFlags } from './results-folder.ts';

export type RunFlags = ResultsFlags & {
  quick: boolean;
  thorough: boolean;
  fresh: boolean;
  breakLock?: boolean;
  sensitivity?: boolean;
  workers?: number;
  /** Of the whole run, in milliseconds. */
  timeout?: number;
  /** Of a step of a cell, in milliseconds. */
  cellTimeout?: number;
  /** Of a cell, in bytes. */
  memoryLimit?: number;
};

/** `assay run [suite…]`. */
export function runCommand(flags: RunFlags, names: readonly string[]): Promise<CommandResult> {
  return runInForm(formOf(flags), flags, names);
}

export async function runInForm(
  form: Form,
  flags: RunFlags,
  names: readonly string[],
): Promise<CommandResult> {
  const suites = await loadSuites(names);
  const progress = createProgress(process.stderr);
  const request = {
    suites,
    form,
    resultsDir: flags.results,
    cacheDir: '.assay/variants',
    fresh: flags.fresh,
    breakLock: flags.breakLock ?? false,
    sensitivity: flags.sensitivity ?? false,
    limits: { timeoutMs: flags.cellTimeout ?? null, memoryBytes: flags.memoryLimit ?? null },
    ...(flags.timeout === undefined ? {} : { timeoutMs: flags.timeout }),
    ...(flags.workers === undefined ? {} : { workers: flags.workers }),
  };
  const run = await runSuites(request, { signal: abortOnInterrupt(), report: progress.report })
    .catch((thrown: unknown) => {
      throw withNext(thrown, againWith(flags, names));
    })
    .finally(progress.end);
  const stored = await readRun(path.join(flags.results, 'runs', run.id));
  if (stored === null) throw new Error(`internal: run ${run.id} is not in ${flags.results}`);
  return resultOf(run, stored);
}

/** An interrupted run goes on with the command that began it. */
function withNext(thrown: unknown, hint: string): unknown {
  if (!(thrown instanceof AssayError) || thrown.code !== 'interrupted') return thrown;
  return new AssayError(thrown.code, thrown.message, { hint, cause: thrown });
}

/** Without what was for that time alone: `--fresh` would measure again what is finished, and a lock is broken once. */
function againWith(flags: RunFlags, names: readonly string[]): string {
  const { results, quick, thorough, sensitivity, workers, timeout, cellTimeout, memoryLimit } = flags;
  const given = [
    ...(quick ? ['--quick'] : []),
    ...(thorough ? ['--thorough'] : []),
    ...(sensitivity === true ? ['--sensitivity'] : []),
    ...(results === defaultResults ? [] : ['--results', shellWord(results)]),
    ...(workers === undefined ? [] : ['--workers', String(workers)]),
    ...(timeout === undefined ? [] : ['--timeout', durationText(timeout)]),
    ...(cellTimeout === undefined ? [] : ['--cell-timeout', durationText(cellTimeout)]),
    ...(memoryLimit === undefined ? [] : ['--memory-limit', bytesText(memoryLimit)]),
  ];
  return ['assay run', ...given, ...names.map((name) => shellWord(name))].join(' ');
}

/** What a run came to: whole where of every suite something was measured, and has a value of the metric that it is judged by. */
export function resultOf(run: RunRecord, stored: StoredRun): CommandResult {
  const isLate = run.status === 'timed-out';
  // Of a run that was late, other causes are in the table of what failed, and mending them gives no more time.
  const unknown = [...(isLate ? [] : nothingMeasured(stored)), ...withoutVerdict(stored)];
  const isWhole = run.status === 'complete' && unknown.length === 0;
  const failures = failuresOf(stored);
  const ending = [...unknown, ...(isLate ? [timeUp(stored)] : [])];
  const told = ending.map(({ message, hint }) => `\n${message} Next: ${hint}\n`).join('');
  const tables = `${formatVerdicts(stored)}${formatScenarios(stored)}${formatFailures(failures)}${formatNothingCompared(stored)}`;
  return {
    exitCode: isWhole ? exitCodes.pass : exitCodes.incomplete,
    data: { run, records: stored.records.map(({ record }) => record) },
    text: `${tables}${told}\nRecords: ${stored.file.replace(/run\.json$/, '')}\n`,
    errors: isWhole ? [] : [...failures, ...ending],
  };
}

/** Where it came to nothing, the same command would do so again. */
function timeUp({ records }: StoredRun): CommandError {
  const [message, hint] = records.some(isMeasured)
    ? ['The time of the run was up.', 'the same command goes on with what is missing.']
    : ['The time of the run was up before anything was measured.', 'give it a longer --timeout.'];
  return { code: 'timed-out', message, hint };
}

function formOf({ quick, thorough }: RunFlags): Form {
  if (quick && thorough) {
    const message =
      '--quick and --thorough were both given; one of them, or none for the default form, is accepted.';
    throw new AssayError('usage-invalid', message, { hint: 'assay run --help' });
  }
  if (quick) return forms.quick;
  return thorough ? forms.thorough : forms.default;
}
