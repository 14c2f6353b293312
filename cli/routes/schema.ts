import { buildCommand } from '@stricli/core';
import type { CommonFlags } from '../command.ts';
import { lazyCommand, type CliContext } from '../lazy-command.ts';
import { common } from './parameters.ts';

export const schemaRoute = buildCommand<CommonFlags, [], CliContext>({
  loader: lazyCommand('schema', async () => (await import('../commands/schema.ts')).schemaCommand),
  parameters: { flags: common },
  docs: { brief: 'Print the JSON Schema of a suite' },
});
