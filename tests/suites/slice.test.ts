import { expect, test } from 'vitest';
import { columnOf, sliceLabel, sliceSchema } from '../../suites/slice.ts';

test.for([
  ['class', null, 'class'],
  ['origin', 'origin', 'origin'],
  [{ column: 'origin' }, 'origin', 'origin'],
  [{ column: 'class' }, 'class', 'column class'],
] as const)('the slice %j is by the column %s and called %s', ([slice, column, label]) => {
  expect(columnOf(sliceSchema.parse(slice))).toBe(column);
  expect(sliceLabel(slice)).toBe(label);
});

test.for([[''], [{ column: '' }], [{ columns: 'class' }], [{ column: 'class', by: 'x' }]])(
  'the slice %j is refused',
  ([slice]) => {
    expect(sliceSchema.safeParse(slice).success).toBe(false);
  },
);
