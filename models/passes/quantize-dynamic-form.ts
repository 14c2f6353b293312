import { leftOutSuffix } from './left-out.ts';
import type { NameForm } from './name-form.ts';

/** `int8-dynamic`. */
export const dynamicForm: NameForm = {
  shown: 'int8-dynamic[-per-tensor][-reduce-range]',
  examples: ['int8-dynamic', 'int8-dynamic-per-tensor', 'int8-dynamic-reduce-range'],
  pattern: /^int8-dynamic(?<perTensor>-per-tensor)?(?<reduceRange>-reduce-range)?$/,
  parameters: ({ perTensor, reduceRange }) => ({
    granularity: perTensor === undefined ? 'per-channel' : 'per-tensor',
    reduceRange: reduceRange !== undefined,
  }),
  name: (parameters) =>
    [
      'int8-dynamic',
      parameters.granularity === 'per-tensor' ? '-per-tensor' : '',
      parameters.reduceRange === true ? '-reduce-range' : '',
      leftOutSuffix(parameters),
    ].join(''),
};
