import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimalNumber, isAsWritten, readNumber } from '../../../datasets/readers/plain-number.ts';

/** The number that all of a text spells, NaN where its end is not reached. */
function read(text: string): number {
  const [bytes, numbers] = [Buffer.from(`,${text},`), new Float64Array(1)];
  const end = readNumber({ bytes, numbers, place: 0 }, 1);
  return end === bytes.length - 1 ? (numbers[0] ?? NaN) : NaN;
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

test('a number of any length and exponent is the one that Number reads', () => {
  const digits = fc.stringMatching(/^\d{0,20}$/);
  const exponent = fc.constantFrom('', 'e5', 'E-05', 'e+22', 'e-320', 'e400');
  const decimal = fc.tuple(fc.constantFrom('', '-', '+'), digits, fc.constantFrom('', '.'), digits, exponent);
  fc.assert(
    fc.property(decimal, (parts) => {
      const text = parts.join('');
      fc.pre(text !== '');
      const expected = Number(text);
      const bytes = Buffer.from(`,${text},`);
      expect(decimalNumber(bytes, 1, bytes.length - 1)).toBe(Number.isFinite(expected) ? expected : NaN);
    }),
    { seed: 1, numRuns: 20_000 },
  );
});

test.each(['', '-', '.', 'e5', '2020-01-05', '0x10', ' 1', 'NaN', 'Infinity'])(
  'the text "%s" is no number in decimal notation',
  (text) => {
    expect(decimalNumber(Buffer.from(text), 0, text.length)).toBeNaN();
  },
);

test('a number is as it was written where String gives its text', () => {
  const parts = fc.tuple(
    fc.constantFrom('', '-'),
    fc.stringMatching(/^\d{1,6}$/),
    fc.constantFrom('', '.', '.0'),
  );
  fc.assert(
    fc.property(parts, (all) => {
      const text = all.join('');
      if (isAsWritten(Buffer.from(text), 0, text.length)) expect(String(Number(text))).toBe(text);
    }),
    { seed: 1 },
  );
  expect(isAsWritten(Buffer.from('120'), 0, 3)).toBe(true);
});
