import { buildCommand } from '@stricli/core';
import type { CommonFlags } from '../command.ts';
import { lazyCommand, type CliContext } from '../lazy-command.ts';
import { common } from './parameters.ts';

export const doctorRoute = buildCommand<CommonFlags, string[], CliContext>({
  loader: lazyCommand('doctor', async () => (await import('../commands/doctor.ts')).doctorCommand),
  parameters: {
    positional: {
      kind: 'array',
      parameter: {
        parse: String,
        brief: 'Targets that must work, such as onnxruntime/cuda; none means any of all',
        placeholder: 'target',
      },
    },
    flags: common,
  },
  docs: { brief: 'Tell which targets run here, and why the rest does not' },
});
