import os from 'node:os';
import { exitCodes } from '../../core/errors.ts';
import { readEnvironment } from '../../runners/environment.ts';
import { startHost } from '../../runners/pool/supervise.ts';
import { probeTargets } from '../../runners/probe-targets.ts';
import type { Probe } from '../../runners/runner.ts';
import { targetNames } from '../../suites/target.ts';
import { formatBytes } from '../../site/views/format.ts';
import type { CommandResult } from '../command.ts';
import { formatTable } from '../reporters/table.ts';

/** `assay doctor`: each target, proven by a tiny inference in a process of its own. */
export async function doctorCommand(): Promise<CommandResult> {
  const host = startHost({ workers: 1, timeoutMs: 60_000 });
  try {
    const environment = readEnvironment();
    const probes = await probeTargets(targetNames, host);
    const targets = [...probes].map(([target, probe]) => ({ target, ...probe }));
    const works = targets.some(({ status }) => status === 'works');
    const { cpu, memoryBytes, node } = environment;
    const machine = `${cpu.model}, ${os.availableParallelism()} cores, ${formatBytes(memoryBytes)}, Node ${node}`;
    return {
      exitCode: works ? exitCodes.pass : exitCodes.incomplete,
      data: { environment, targets },
      text: `${machine}\n\n${formatTable(['target', 'state', 'detail'], [...probes].map(describe))}`,
    };
  } finally {
    host.close();
  }
}

function describe([target, probe]: [string, Probe]): string[] {
  if (probe.status === 'works')
    return [target, 'works', probe.detail + (probe.isSoftware ? ', software adapter' : '')];
  return [target, 'unavailable', `${probe.reason}. Mend: ${probe.remedy}`];
}
