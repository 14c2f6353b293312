import type { Profile } from '../../models/explain/profile.ts';
import { countEach } from '../../models/passes/weights.ts';
import type { Warning } from '../../results/warning-schema.ts';

/** Nodes that ran on the processor, though the model was to run on another device. */
export function fallbackDoubt({ nodes }: Profile, device: string): Warning[] {
  const elsewhere = nodes.filter(({ provider }) => provider === 'CPU');
  if (elsewhere.length === 0) return [];
  const operators = countEach(elsewhere.map(({ operator }) => operator));
  return [
    {
      code: 'cpu-fallback',
      detail: `${elsewhere.length} of ${nodes.length} nodes ran on the processor, for want of a kernel on ${device}: ${operators}.`,
      advice:
        'choose a variant with kernels on the device; the session option "session.disable_cpu_ep_fallback" refuses such a model',
    },
  ];
}
