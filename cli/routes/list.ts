import { buildCommand } from '@stricli/core';
import type { ResultsFlags } from '../commands/results-folder.ts';
import { lazyCommand, type CliContext } from '../lazy-command.ts';
import { common, results } from './parameters.ts';

export const listRoute = buildCommand<ResultsFlags, [], CliContext>({
  loader: lazyCommand('list', async () => (await import('../commands/list.ts')).listCommand),
  parameters: { flags: { ...common, results } },
  docs: { brief: 'List suites, datasets, models, targets and stored runs' },
});
