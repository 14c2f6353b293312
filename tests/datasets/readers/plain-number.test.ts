import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainNumber } from '../../../datasets/readers/plain-number.ts';

function read(text: string): number {
  const bytes = Buffer.from(`,${text},`);
  return plainNumber(bytes, 1, bytes.length - 1);
}

test('what is read is what Number reads, to the last bit', () => {
  const digits = fc.stringMatching(/^\d{0,8}$/);
  const decimal = fc.tuple(fc.constantFrom('', '-'), digits, fc.constantFrom('', '.'), digits);
  fc.assert(
    fc.property(decimal, (parts) => {
      const text = parts.join('');
      const found = read(text);
      fc.pre(!Number.isNaN(found));
      expect(found).toBe(Number(text));
    }),
    { seed: 1, numRuns: 20_000 },
  );
});

test.each(['0', '-0', '7', '-12.25', '5.', '.5', '0.1', '123456789012345', '0.00000000000001'])(
  'the number %s is plain',
  (text) => {
    expect(read(text)).toBe(Number(text));
  },
);

test.each(['', '-', '.', '-.', '1.2.3', '1e5', '+1', ' 1', '1 ', '0x10', 'NaN', '1234567890123456', '1-2'])(
  'the text "%s" is left to be looked at as a whole',
  (text) => {
    expect(read(text)).toBeNaN();
  },
);
