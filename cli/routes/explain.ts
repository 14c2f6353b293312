import { buildCommand } from '@stricli/core';
import type { ExplainFlags } from '../commands/explain.ts';
import { lazyCommand, type CliContext } from '../lazy-command.ts';
import { common } from './parameters.ts';
import { wholeNumber } from './whole-number.ts';

const oneModel = {
  kind: 'array',
  parameter: { parse: String, brief: 'Built-in id or path of a model', placeholder: 'model' },
  minimum: 1,
  maximum: 1,
} as const;

export const explainRoute = buildCommand<ExplainFlags, string[], CliContext>({
  loader: lazyCommand('explain', async () => (await import('../commands/explain.ts')).explainCommand),
  parameters: {
    positional: oneModel,
    flags: {
      ...common,
      device: {
        kind: 'enum',
        values: ['cpu', 'wasm', 'webgpu', 'cuda'],
        brief: 'Where the model is to run',
        default: 'cpu',
      },
      batchSize: {
        kind: 'parsed',
        parse: wholeNumber({ least: 1, most: 65_536 }),
        brief: 'Samples a call',
        default: '1',
        placeholder: 'n',
      },
    },
  },
  docs: { brief: 'Tell which optimisations of a model are likely to help, before any is made' },
});
