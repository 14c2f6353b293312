import type { Warning } from '../../results/warning-schema.ts';

/** What each warning means, for the method page. */
export const warningGlossary = {
  'batch-dependent': 'The same sample gives another output in a batch than alone.',
  'clock-jumped': 'The clock of the machine was set while the timing ran.',
  'coarse-timer':
    'A call is hardly longer than the smallest step of the clock: its absolute latency is rough.',
  'control-failed':
    'The baseline, timed against itself, seemed faster or slower. Timings of that group are not to be relied on.',
  'cpu-fallback':
    'The device has no kernel for some nodes of the model: they ran on the processor, and values were copied.',
  'cpu-governor': 'The processor changes its clock rate to save power.',
  'cpu-steal': 'The host of a virtual machine took processor time away while the timing ran.',
  'cpu-throttled': 'The container used up its share of processor time and was stopped for a while.',
  drift: 'The baseline became slower or faster while the timing ran.',
  'footprint-failed':
    'Load time, memory and generation could not be measured in a process of their own; latency could.',
  'high-load': 'Other work kept the processor busy while the timing ran.',
  'ill-conditioned': 'A metric is hardly defined on these data, for example where all references are alike.',
  'inconsistent-target':
    'The same variant puts out something else here than on the target that others are held against.',
  'label-order':
    'Predictions fit the data far better with their labels in another order: the classes of the model may not be in the order of the data.',
  'memory-growth': 'The process took more memory with each call, long after the first ones.',
  'near-floor': 'A large part of a call is spent on calling, not in the model.',
  'noisy-neighbour': 'The timed process had to wait for the processor while it was timed.',
  'not-deterministic': 'The same input gave other outputs from one call to the next.',
  'not-steady': 'The warm-up budget ended before latency had settled.',
  'quick-form': 'Measured with fewer processes and samples, for a first look.',
  'software-adapter': 'The graphics device was emulated on the processor.',
  swapping: 'Memory was so short that pages moved to or from the disk while the timing ran.',
  'thermal-throttling': 'The processor lowered its clock rate to cool down while the timing ran.',
} as const satisfies Record<Warning['code'], string>;
