import { expect, test } from 'vitest';
import { formatUnmade } from '../../../cli/reporters/optimized.ts';
import { formatTable } from '../../../cli/reporters/table.ts';

const severalLines = 'Unknown layer: Foo.\nThis may be\r\n  one of two things.';

test('a cell of several lines is a row in one, and no column is wider for its length', () => {
  expect(formatTable(['variant', 'what'], [['fp16', severalLines]])).toBe(
    'VARIANT  WHAT\nfp16     Unknown layer: Foo. This may be one of two things.\n',
  );
});

test('a reason of several lines why there is no variant is told in one', () => {
  expect(formatUnmade({ status: 'not-applicable', reason: severalLines })).toBe(
    'skipped: Unknown layer: Foo. This may be one of two things.',
  );
});
