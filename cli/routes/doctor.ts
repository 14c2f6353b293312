import { buildCommand } from '@stricli/core';
import type { CommonFlags } from '../command.ts';
import { lazyCommand, type CliContext } from '../lazy-command.ts';
import { common } from './parameters.ts';

export const doctorRoute = buildCommand<CommonFlags, [], CliContext>({
  loader: lazyCommand('doctor', async () => (await import('../commands/doctor.ts')).doctorCommand),
  parameters: { flags: common },
  docs: { brief: 'Tell which targets run here, and why the rest does not' },
});
