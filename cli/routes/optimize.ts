import { buildCommand } from '@stricli/core';
import type { OptimizeFlags } from '../commands/optimize.ts';
import { lazyCommand, type CliContext } from '../lazy-command.ts';
import { lossMargin } from './margin.ts';
import { docsOf } from './docs-of.ts';
import { folder } from './folder.ts';
import { common, layerLimits, modelData, stepTimeout } from './parameters.ts';

const modelAndVariants = {
  kind: 'array',
  parameter: {
    parse: String,
    brief: 'A model, then the variants to make of it; none means one of each pass that quantizes',
    placeholder: 'model-variant',
  },
  minimum: 1,
} as const;

export const optimizeRoute = buildCommand<OptimizeFlags, string[], CliContext>({
  loader: lazyCommand('optimize', async () => (await import('../commands/optimize.ts')).optimizeCommand),
  parameters: {
    positional: modelAndVariants,
    flags: {
      ...common,
      ...modelData,
      ...layerLimits,
      timeout: stepTimeout,
      out: {
        kind: 'parsed',
        parse: folder,
        brief: 'Folder of the files',
        default: '.',
        placeholder: 'folder',
      },
      maxDrop: {
        kind: 'parsed',
        parse: lossMargin,
        brief: 'Write the best variant that loses no more than this, such as 1% of the metric, or 0.01',
        optional: true,
        placeholder: 'loss',
      },
      by: {
        kind: 'enum',
        values: ['latency', 'size'],
        brief: 'What the best variant has least of, with --max-drop',
        default: 'latency',
      },
      save: {
        kind: 'enum',
        values: ['best', 'pareto'],
        brief: 'Which files --max-drop writes: the best variant, or those that no other one beats, too',
        default: 'best',
      },
    },
  },
  docs: docsOf(
    'Make pruned and quantized variants of a model as files, or search for the best within a loss',
    'With --max-drop: tries each variant and, where its loss is not proven to be within it, leaves ever more of its most ' +
      'sensitive layers in float32; tells every candidate and the Pareto set, keeps them in <model>.candidates.json, and writes the best one.\n' +
      'Exit codes: 0 all made, or the best one written; 1 every variant loses more than --max-drop; 2 bad input, a model that does not load or run on the data included; ' +
      '3 the data do not decide; 4 a variant that was named failed or does not apply.',
  ),
});
