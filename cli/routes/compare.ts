import { buildCommand } from '@stricli/core';
import type { CompareFlags } from '../commands/compare.ts';
import { lazyCommand, type CliContext } from '../lazy-command.ts';
import { common, oneRun, results } from './parameters.ts';

export const compareRoute = buildCommand<CompareFlags, string[], CliContext>({
  loader: lazyCommand('compare', async () => (await import('../commands/compare.ts')).compareCommand),
  parameters: {
    positional: oneRun,
    flags: {
      ...common,
      results,
      targets: {
        kind: 'boolean',
        brief: 'The same variants on every target: output distance, flips and metric',
        default: false,
      },
    },
  },
  docs: {
    brief: 'Compare what a stored run measured, such as the same variant on several targets',
    fullDescription:
      'Exit codes: 0 the same everywhere, 1 a target differs by more than the precision explains, 2 bad input, 4 nothing to compare, or a variant failed on a target.',
  },
});
