import { expect, test } from 'vitest';
import { precisionOf } from '../../models/precision.ts';
import { parseVariant } from '../../models/variant.ts';

test.each([
  ['fp32', 'float32'],
  ['prune-magnitude-50', 'float32'],
  ['fp16', 'float16'],
  ['int8-dynamic', 'int8'],
  ['int8-static', 'int8'],
  ['int8-weights', 'int8'],
  ['int4-weights-block-32', 'int4'],
  ['int2-weights', 'int2'],
  ['prune-neurons-50+int8-dynamic', 'int8'],
  ['uint8-storage', 'int8'],
  ['uint16-storage', 'int16'],
  ['float16-storage', 'float16'],
])('the precision of %s is %s', (name, precision) => {
  expect(precisionOf(parseVariant(name).steps)).toBe(precision);
});
