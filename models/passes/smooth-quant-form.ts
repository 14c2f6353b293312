import { percentOf, type NameForm } from './name-form.ts';

/** `smooth-quant`, before a quantizer. */
export const smoothForm: NameForm = {
  shown: 'smooth-quant[-auto or -alpha-<10 to 90>]',
  examples: ['smooth-quant', 'smooth-quant-auto', 'smooth-quant+int8-static', 'smooth-quant+int8-dynamic'],
  pattern: /^smooth-quant(?:(?<auto>-auto)|-alpha-(?<percent>[1-8]\d|90))?$/,
  parameters: ({ auto, percent = '50' }) => ({ alpha: auto === undefined ? Number(percent) / 100 : 'auto' }),
  name: ({ alpha }) => {
    if (alpha === 'auto') return 'smooth-quant-auto';
    return alpha === 0.5 ? 'smooth-quant' : `smooth-quant-alpha-${percentOf(alpha)}`;
  },
};
