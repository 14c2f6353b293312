import { buildCommand } from '@stricli/core';
import type { ScoreFlags } from '../commands/score.ts';
import { lazyCommand, type CliContext } from '../lazy-command.ts';
import { common, oneRun, results } from './parameters.ts';

export const scoreRoute = buildCommand<ScoreFlags, string[], CliContext>({
  loader: lazyCommand('score', async () => (await import('../commands/score.ts')).scoreCommand),
  parameters: {
    positional: oneRun,
    flags: {
      ...common,
      results,
      metrics: {
        kind: 'parsed',
        parse: String,
        brief: "Metric ids; none means the suite's own",
        variadic: ',',
        optional: true,
        placeholder: 'ids',
      },
      confusion: {
        kind: 'boolean',
        default: false,
        brief: 'Also print which classes are taken for which',
      },
    },
  },
  docs: { brief: 'Compute metrics from the stored predictions of a run' },
});
