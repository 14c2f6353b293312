import { exitCodes, type ExitCode } from '../../core/errors.ts';
import { gateRun, type GateResult } from '../../results/gate.ts';
import type { CommandResult } from '../command.ts';
import { findRun, type ResultsFlags } from './results-folder.ts';

const codeOf = {
  pass: exitCodes.pass,
  failed: exitCodes.gateFailed,
  inconclusive: exitCodes.inconclusive,
  incomplete: exitCodes.incomplete,
} as const satisfies Record<GateResult['outcome'], ExitCode>;

/** `assay gate [run]`: one line for each verdict that keeps the run from passing. */
export async function gateCommand(flags: ResultsFlags, [id]: readonly string[]): Promise<CommandResult> {
  const stored = await findRun(flags.results, id);
  const result = gateRun(
    stored.run,
    stored.records.map(({ record }) => record),
  );
  const lines = result.findings.map(
    ({ level, subject, reason }) => `${level.padEnd(12)}  ${subject}: ${reason}`,
  );
  const text = [...lines, `Gate: ${result.outcome} (run ${stored.run.id}).`].join('\n');
  const errors = result.findings.map(({ level: code, subject, reason }) => ({
    code,
    message: `${subject}: ${reason}`,
    hint: null,
  }));
  return { exitCode: codeOf[result.outcome], data: result, text, errors };
}
