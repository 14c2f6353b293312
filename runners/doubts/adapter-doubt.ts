import type { Warning } from '../../results/warning-schema.ts';
import type { Probe } from '../runner.ts';

export function adapterDoubt(probe: Probe | undefined): Warning[] {
  if (probe?.status !== 'works' || !probe.isSoftware) return [];
  const advice = 'take its quality figures, not its latency; time it on a machine with a GPU';
  return [{ code: 'software-adapter', detail: `The GPU adapter is software: ${probe.detail}.`, advice }];
}
