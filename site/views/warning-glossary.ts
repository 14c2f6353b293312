import type { Warning } from '../../results/warning-schema.ts';

/** What each warning means, for the method page. */
export const warningGlossary = {
  'batch-dependent': 'The same sample gives another output in a batch than alone.',
  'control-failed':
    'The baseline, timed against itself, seemed faster or slower. Timings of that group are not to be relied on.',
  'cpu-steal': 'The host of a virtual machine took processor time away while the timing ran.',
  'high-load': 'Other work kept the processor busy while the timing ran.',
  'ill-conditioned': 'A metric is hardly defined on these data, for example where all references are alike.',
  'not-steady': 'The warm-up budget ended before latency had settled.',
  'quick-form': 'Measured with fewer processes and samples, for a first look.',
  'software-adapter': 'The graphics device was emulated on the processor.',
} as const satisfies Record<Warning['code'], string>;
