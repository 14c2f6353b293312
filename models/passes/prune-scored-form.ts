import { percentOf, type NameForm } from './name-form.ts';

/** `prune-2-of-4`. */
export const nOfMForm: NameForm = {
  shown: 'prune-<n>-of-<m, n < m <= 32>[-wanda or -sparsegpt]',
  examples: ['prune-2-of-4', 'prune-2-of-4-wanda', 'prune-2-of-4-sparsegpt'],
  pattern: /^prune-(?<keep>[1-9]\d?)-of-(?<of>[1-9]\d?)(?:-(?<score>wanda|sparsegpt))?$/,
  refusal: ({ keep, of }) =>
    Number(keep) < Number(of) && Number(of) <= 32
      ? null
      : `keeps ${keep} of each ${of} weights; it must keep fewer than there are, of 32 at most, as in "prune-2-of-4".`,
  parameters: ({ keep, of, score }) => ({ keep: Number(keep), of: Number(of), score: score ?? 'magnitude' }),
  name: ({ keep, of, score }) =>
    `prune-${String(keep)}-of-${String(of)}${score === 'magnitude' ? '' : `-${String(score)}`}`,
};

/** `prune-wanda-50`. */
export const scoredForm: NameForm = {
  shown: 'prune-<wanda or sparsegpt>-<1 to 99 percent>',
  examples: ['prune-wanda-50', 'prune-sparsegpt-50'],
  pattern: /^prune-(?<score>wanda|sparsegpt)-(?<percent>[1-9]\d?)$/,
  parameters: ({ score = 'wanda', percent }) => ({ sparsity: Number(percent) / 100, score }),
  name: ({ sparsity, score }) => `prune-${String(score)}-${percentOf(sparsity)}`,
};
