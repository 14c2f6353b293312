import { buildCommand } from '@stricli/core';
import type { CompareFlags } from '../commands/compare.ts';
import { lazyCommand, type CliContext } from '../lazy-command.ts';
import { docsOf } from './docs-of.ts';
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
        brief: 'Each variant against itself on other targets: output distance, flips and metric',
        default: false,
      },
    },
  },
  docs: docsOf(
    'Tell what changed of each variant of a stored run: metrics, flips, output distance, slices',
    'Exit codes: 0 compared (whether it passes, assay gate says), 2 bad input, 4 nothing to compare. With --targets: 0 the same everywhere, 1 a target differs by more than the precision explains, 4 also where a variant failed on a target.',
  ),
});
