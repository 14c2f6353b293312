import { leftOutSuffix } from './left-out.ts';
import type { NameForm } from './name-form.ts';

/** `fp16`. */
export const fp16Form: NameForm = {
  shown: 'fp16[-except-<operator in float32>...]',
  examples: ['fp16', 'fp16-except-Softmax-LayerNormalization'],
  pattern: /^fp16(?:-except-(?<kept>[A-Z][A-Za-z]*(?:-[A-Z][A-Za-z]*)*))?$/,
  parameters: ({ kept }) => ({ keep: kept?.replaceAll('-', ' ') ?? '' }),
  name: (parameters) => {
    const kept = String(parameters.keep).replaceAll(' ', '-');
    return `fp16${kept === '' ? '' : `-except-${kept}`}${leftOutSuffix(parameters)}`;
  },
};
