import type { Probe } from '../../runners/runner.ts';
import { formatTable } from './table.ts';

/** A table of targets with what they are or why they do not run, then what mends those. */
export function targetStates(probes: ReadonlyMap<string, Probe>): string {
  const rows = [...probes].map(([target, probe]) => [target, probe.status, detailOf(probe)]);
  return [formatTable(['target', 'state', 'detail'], rows), ...remedies(probes)].join('\n').trimEnd();
}

function detailOf(probe: Probe): string {
  if (probe.status === 'unavailable') return probe.reason;
  return probe.isSoftware ? `${probe.detail}: a software adapter, so no figure of speed` : probe.detail;
}

/** One remedy may mend several. */
function remedies(probes: ReadonlyMap<string, Probe>): string[] {
  const byRemedy = Map.groupBy(probes, ([, probe]) => (probe.status === 'unavailable' ? probe.remedy : null));
  const parts = [...byRemedy].flatMap(([remedy, targets]) =>
    remedy === null ? [] : [`  ${targets.map(([target]) => target).join(', ')}\n    ${remedy}\n`],
  );
  return parts.length === 0 ? [] : [`What mends them\n${parts.join('')}`];
}
