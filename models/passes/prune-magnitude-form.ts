import { percentOf, type NameForm } from './name-form.ts';

/** `prune-magnitude-50`. */
export const magnitudeForm: NameForm = {
  shown: 'prune-magnitude-<1 to 99 percent>[-per-tensor]',
  examples: ['prune-magnitude-50', 'prune-magnitude-50-per-tensor'],
  pattern: /^prune-magnitude-(?<percent>[1-9]\d?)(?<perTensor>-per-tensor)?$/,
  parameters: ({ percent, perTensor }) => ({
    sparsity: Number(percent) / 100,
    scope: perTensor === undefined ? 'global' : 'per-tensor',
  }),
  name: ({ sparsity, scope }) =>
    `prune-magnitude-${percentOf(sparsity)}${scope === 'per-tensor' ? '-per-tensor' : ''}`,
};
