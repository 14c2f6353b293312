import { leftOutSuffix } from './left-out.ts';
import type { NameForm } from './name-form.ts';

/** `int8-static`. */
export const staticForm: NameForm = {
  shown: 'int8-static[-per-tensor][-i8][-moving-average or -percentile or -entropy or -mse][-reduce-range]',
  examples: [
    'int8-static',
    'int8-static-per-tensor',
    'int8-static-i8',
    'int8-static-percentile',
    'int8-static-entropy',
    'int8-static-mse',
    'int8-static-reduce-range',
  ],
  pattern:
    /^int8-static(?<perTensor>-per-tensor)?(?<signed>-i8)?(?:-(?<ranges>moving-average|percentile|entropy|mse))?(?<reduceRange>-reduce-range)?$/,
  parameters: ({ perTensor, signed, ranges, reduceRange }) => ({
    granularity: perTensor === undefined ? 'per-channel' : 'per-tensor',
    activations: signed === undefined ? 'uint8' : 'int8',
    ranges: ranges ?? 'min-max',
    reduceRange: reduceRange !== undefined,
  }),
  name: (parameters) => {
    const { granularity, activations, ranges, reduceRange } = parameters;
    return [
      'int8-static',
      granularity === 'per-tensor' ? '-per-tensor' : '',
      activations === 'int8' ? '-i8' : '',
      ranges === 'min-max' ? '' : `-${String(ranges)}`,
      reduceRange === true ? '-reduce-range' : '',
      leftOutSuffix(parameters),
    ].join('');
  },
};
