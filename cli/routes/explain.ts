import { buildCommand } from '@stricli/core';
import type { ExplainFlags } from '../commands/explain.ts';
import { lazyCommand, type CliContext } from '../lazy-command.ts';
import { docsOf } from './docs-of.ts';
import { common, layerLimits, modelData, stepTimeout } from './parameters.ts';
import { inputShape } from './shape.ts';
import { wholeNumber } from './whole-number.ts';

const modelAndVariant = {
  kind: 'array',
  parameter: {
    parse: String,
    brief: 'A model, by built-in id or path, and one variant of it; none means all passes',
    placeholder: 'model-variant',
  },
  minimum: 1,
  maximum: 2,
} as const;

export const explainRoute = buildCommand<ExplainFlags, string[], CliContext>({
  loader: lazyCommand('explain', async () => (await import('../commands/explain.ts')).explainCommand),
  parameters: {
    positional: modelAndVariant,
    flags: {
      ...common,
      ...modelData,
      ...layerLimits,
      timeout: stepTimeout,
      target: {
        kind: 'parsed',
        parse: String,
        brief: 'Where the model is to run',
        default: 'onnxruntime/cpu',
        placeholder: 'runner/device',
      },
      batchSize: {
        kind: 'parsed',
        parse: wholeNumber({ least: 1, most: 65_536 }),
        brief: 'Samples a call',
        default: '1',
        placeholder: 'n',
      },
      threads: {
        kind: 'parsed',
        parse: wholeNumber({ least: 1, most: 256 }),
        brief: 'Intra-op threads',
        default: '1',
        placeholder: 'n',
      },
      sensitivity: {
        kind: 'boolean',
        brief: 'Which layers of a quantizing variant cost the quality, in place of its speed',
        default: false,
      },
      shape: {
        kind: 'parsed',
        parse: inputShape,
        brief: 'Shape of an input that is made up, such as x=1x16; may be given for each',
        variadic: ',',
        optional: true,
        placeholder: 'name=sizes',
      },
    },
  },
  docs: docsOf(
    'Tell why a variant is faster or is not, or what to expect of every pass',
    'With a variant: makes it, times its operators and itself beside the baseline, and says what was to be expected, ' +
      'what was reached and what to do; with --sensitivity, quantizes one layer at a time, and all but one. Without: what to expect of each pass, from where the baseline spends its time.\n' +
      'Exit codes: 0 explained, 2 bad input, a model that does not load or run on the data included, 4 the variant does not apply or does not run.',
  ),
});
