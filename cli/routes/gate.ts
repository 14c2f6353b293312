import { buildCommand } from '@stricli/core';
import type { ResultsFlags } from '../commands/results-folder.ts';
import { lazyCommand, type CliContext } from '../lazy-command.ts';
import { docsOf } from './docs-of.ts';
import { common, oneRun, results } from './parameters.ts';

export const gateRoute = buildCommand<ResultsFlags, string[], CliContext>({
  loader: lazyCommand('gate', async () => (await import('../commands/gate.ts')).gateCommand),
  parameters: {
    positional: oneRun,
    flags: { ...common, results },
  },
  docs: docsOf(
    'Hold a stored run against the policies of its suites',
    'Exit codes: 0 pass, 1 a variant regressed, 3 inconclusive, 4 not everything was measured or could be compared, or nothing was.',
  ),
});
