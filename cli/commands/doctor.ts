import { exitCodes } from '../../core/errors.ts';
import type { Calibration } from '../../runners/calibrate/calibration-schema.ts';
import { readCalibration, storedFingerprints } from '../../runners/calibrate/calibration-store.ts';
import { readEnvironment } from '../../runners/environment.ts';
import { startSeveralHosts } from '../../runners/pool/several-hosts.ts';
import { probeTargets } from '../../runners/probe-targets.ts';
import type { Probe } from '../../runners/runner.ts';
import { parseTarget, targetNames, type Target } from '../../suites/target.ts';
import { formatMoment } from '../../site/views/format.ts';
import type { CommandError, CommandResult, CommonFlags } from '../command.ts';
import { formatCalibration } from '../reporters/calibration-table.ts';
import { machineText } from '../reporters/machine-text.ts';
import { targetStates } from '../reporters/target-states.ts';
import { withHost } from '../with-host.ts';
import { calibrationFolder } from './calibrate.ts';

/** Each in a process of its own, which has to load what it needs. */
const probesAtATime = 4;

/**
 * `assay doctor [targets]`: the machine, each target proven by a tiny inference in a process apart, and the calibration. With
 * names, all of those must work; without, one of all.
 */
export async function doctorCommand(_: CommonFlags, names: readonly string[]): Promise<CommandResult> {
  const wanted = (names.length === 0 ? targetNames : names).map((name) => parseTarget(name));
  const environment = readEnvironment();
  const calibration = await readCalibration(calibrationFolder, environment.fingerprint);
  const probes = await probeApart(wanted);
  const targets = [...probes].map(([target, probe]) => ({ target, ...probe }));
  const working = targets.filter(({ status }) => status === 'works').length;
  const isWell = names.length === 0 ? working > 0 : working === targets.length;
  const freeMemoryBytes = process.availableMemory();
  const machine = machineText(environment, freeMemoryBytes);
  return {
    exitCode: isWell ? exitCodes.pass : exitCodes.incomplete,
    data: { environment, freeMemoryBytes, targets, calibration },
    text: [machine, targetStates(probes), await describeCalibration(calibration)].join('\n\n'),
    errors: isWell ? [] : [...probes].flatMap(unavailable),
  };
}

/** Several at a time, so that the hangs of several do not add up. */
function probeApart(targets: readonly Target[]): Promise<Map<string, Probe>> {
  return withHost(
    { workers: 1, timeoutMs: 60_000 },
    ({ host, report }) => probeTargets(targets, host, { atATime: probesAtATime, report }),
    startSeveralHosts,
  );
}

function unavailable([target, probe]: [string, Probe]): CommandError[] {
  if (probe.status === 'works') return [];
  return [{ code: 'target-unavailable', message: `${target}: ${probe.reason}`, hint: probe.remedy }];
}

async function describeCalibration(calibration: Calibration | null): Promise<string> {
  if (calibration !== null)
    return `Calibrated ${formatMoment(calibration.madeAt)}\n${formatCalibration(calibration)}`;
  const others = await storedFingerprints(calibrationFolder);
  if (others.length === 0) return 'Not calibrated: assay calibrate tells how small a slowdown shows here.';
  const known = others.map((fingerprint) => fingerprint.slice(0, 12)).join(', ');
  return `Calibrated only as it was before, or for another machine (fingerprint ${known}): run assay calibrate again.`;
}
