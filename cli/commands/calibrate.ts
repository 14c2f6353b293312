import { exitCodes } from '../../core/errors.ts';
import { calibrate } from '../../runners/calibrate/calibrate.ts';
import { saveCalibration } from '../../runners/calibrate/calibration-store.ts';
import { readEnvironment } from '../../runners/environment.ts';
import { abortOnInterrupt } from '../abort-on-interrupt.ts';
import type { CommandResult, CommonFlags } from '../command.ts';
import { formatCalibration } from '../reporters/calibration-table.ts';

export type CalibrateFlags = CommonFlags & { thorough: boolean };

/** Beside the built variants, since it is of this machine, not of a project. */
export const calibrationFolder = '.assay/calibration';

/** `assay calibrate`: what this machine can tell apart. */
export async function calibrateCommand({ thorough }: CalibrateFlags): Promise<CommandResult> {
  const { fingerprint } = readEnvironment();
  const form = thorough ? 'thorough' : 'default';
  const calibration = await calibrate(
    { fingerprint, form },
    {
      signal: abortOnInterrupt(),
      report: (model) => process.stderr.write(`timing twins of ${model}\n`),
    },
  );
  const file = await saveCalibration(calibrationFolder, calibration);
  return {
    exitCode: exitCodes.pass,
    data: { file, calibration },
    text: `${formatCalibration(calibration)}\nStored: ${file}\n`,
  };
}
