import { leftOutSuffix } from './left-out.ts';
import type { NameForm } from './name-form.ts';

/** `int4-weights`. */
export const weightsForm: NameForm = {
  shown: 'int<2, 4 or 8>-weights[-symmetric][-block-<16 to 256>][-hqq or -gptq]',
  examples: [
    'int4-weights',
    'int8-weights',
    'int4-weights-symmetric',
    'int4-weights-block-32',
    'int4-weights-gptq',
  ],
  pattern:
    /^int(?<bits>[248])-weights(?<symmetric>-symmetric)?(?:-block-(?<blockSize>16|32|64|128|256))?(?:-(?<method>hqq|gptq))?$/,
  parameters: ({ bits, symmetric, blockSize, method }) => ({
    bits: Number(bits),
    blockSize: blockSize === undefined ? 'per-shape' : Number(blockSize),
    symmetry: symmetric === undefined ? 'asymmetric' : 'symmetric',
    method: method ?? 'rtn',
  }),
  name: (parameters) => {
    const { bits, blockSize, symmetry, method } = parameters;
    return [
      `int${String(bits)}-weights`,
      symmetry === 'symmetric' ? '-symmetric' : '',
      blockSize === 'per-shape' ? '' : `-block-${String(blockSize)}`,
      method === 'rtn' ? '' : `-${String(method)}`,
      leftOutSuffix(parameters),
    ].join('');
  },
};
