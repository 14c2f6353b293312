import { buildCommand } from '@stricli/core';
import type { CommonFlags } from '../command.ts';
import { lazyCommand, type CliContext } from '../lazy-command.ts';
import { common, suites } from './parameters.ts';

export const validateRoute = buildCommand<CommonFlags, string[], CliContext>({
  loader: lazyCommand('validate', async () => (await import('../commands/validate.ts')).validateCommand),
  parameters: { positional: suites, flags: common },
  docs: { brief: 'Check suites, their datasets and models without measuring' },
});
