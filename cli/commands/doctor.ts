import { exitCodes } from '../../core/errors.ts';
import type { Environment } from '../../results/environment-schema.ts';
import type { Calibration } from '../../runners/calibrate/calibration-schema.ts';
import { readCalibration, storedFingerprints } from '../../runners/calibrate/calibration-store.ts';
import { readEnvironment } from '../../runners/environment.ts';
import { startHost } from '../../runners/pool/supervise.ts';
import { probeTargets } from '../../runners/probe-targets.ts';
import type { Probe } from '../../runners/runner.ts';
import { parseTarget, targetNames } from '../../suites/target.ts';
import { formatBytes, formatMoment } from '../../site/views/format.ts';
import type { CommandResult } from '../command.ts';
import { formatCalibration } from '../reporters/calibration-table.ts';
import { formatTable } from '../reporters/table.ts';
import { calibrationFolder } from './calibrate.ts';

/** `assay doctor`: the machine, each target proven by a tiny inference in a process of its own, and the calibration. */
export async function doctorCommand(): Promise<CommandResult> {
  const host = startHost({ workers: 1, timeoutMs: 60_000 });
  try {
    const environment = readEnvironment();
    const calibration = await readCalibration(calibrationFolder, environment.fingerprint);
    const probes = await probeTargets(
      targetNames.map((name) => parseTarget(name)),
      host,
    );
    const targets = [...probes].map(([target, probe]) => ({ target, ...probe }));
    const works = targets.some(({ status }) => status === 'works');
    const table = formatTable(['target', 'state', 'detail'], [...probes].map(describe));
    return {
      exitCode: works ? exitCodes.pass : exitCodes.incomplete,
      data: { environment, targets, calibration },
      text: [describeMachine(environment), table, await describeCalibration(calibration)].join('\n\n'),
    };
  } finally {
    host.close();
  }
}

function describeMachine({ cpu, memoryBytes, node, fingerprint }: Environment): string {
  const machine = `${cpu.model}, ${cpu.cores} cores, ${formatBytes(memoryBytes)}, Node ${node}`;
  return `${machine}\nFingerprint ${fingerprint.slice(0, 12)}`;
}

function describe([target, probe]: [string, Probe]): string[] {
  if (probe.status === 'works')
    return [target, 'works', probe.detail + (probe.isSoftware ? ', software adapter' : '')];
  return [target, 'unavailable', `${probe.reason}. Mend: ${probe.remedy}`];
}

async function describeCalibration(calibration: Calibration | null): Promise<string> {
  if (calibration !== null)
    return `Calibrated ${formatMoment(calibration.madeAt)}\n${formatCalibration(calibration)}`;
  const others = await storedFingerprints(calibrationFolder);
  if (others.length === 0) return 'Not calibrated: assay calibrate tells how small a slowdown shows here.';
  const known = others.map((fingerprint) => fingerprint.slice(0, 12)).join(', ');
  return `Calibrated only as it was before, or for another machine (fingerprint ${known}): run assay calibrate again.`;
}
