import type { NameForm } from '../../passes/name-form.ts';

/** `uint8-storage`. */
export const storageForm: NameForm = {
  shown: 'uint8-storage, uint16-storage or float16-storage (TF.js)',
  examples: ['uint8-storage', 'uint16-storage', 'float16-storage'],
  pattern: /^(?<dtype>uint8|uint16|float16)-storage$/,
  parameters: ({ dtype = 'uint8' }) => ({ dtype }),
  name: ({ dtype }) => `${String(dtype)}-storage`,
};
