import { buildCommand } from '@stricli/core';
import type { CalibrateFlags } from '../commands/calibrate.ts';
import { lazyCommand, type CliContext } from '../lazy-command.ts';
import { docsOf } from './docs-of.ts';
import { common } from './parameters.ts';

export const calibrateRoute = buildCommand<CalibrateFlags, [], CliContext>({
  loader: lazyCommand('calibrate', async () => (await import('../commands/calibrate.ts')).calibrateCommand),
  parameters: {
    flags: {
      ...common,
      thorough: { kind: 'boolean', brief: 'Twice the processes: about two minutes', default: false },
    },
  },
  docs: docsOf(
    'Measure how small a slowdown this machine can tell, in about a minute',
    'Times identical synthetic models against each other, and stores for this machine how much processes differ, ' +
      'which slowdowns show, and how often nothing is taken for something. assay doctor shows it.',
  ),
});
