import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scanCells } from '../../../datasets/readers/scan-cells.ts';

/** What a cell is scanned to, in the second of three columns. */
function scan(text: string): { number: number; isNumeric: boolean; isAsWritten: boolean } {
  const layout = { cells: 3, columnOf: Int32Array.of(-1, 0, -1), columns: 1 };
  const found = scanCells(Buffer.from(`x,${text},\n`), layout);
  const [number = NaN] = found?.numbers ?? [];
  return { number, isNumeric: found?.isNumeric[0] === 1, isAsWritten: found?.isAsWritten[0] === 1 };
}

test('a number of any length and exponent is the one that Number reads, to the last bit', () => {
  const digits = fc.stringMatching(/^\d{0,20}$/);
  const few = fc.stringMatching(/^\d{0,8}$/);
  const exponent = fc.constantFrom('', '', '', 'e5', 'E-05', 'e+22', 'e-320', 'e400');
  const whole = fc.oneof(few, digits);
  const decimal = fc.tuple(fc.constantFrom('', '-', '+'), whole, fc.constantFrom('', '.'), whole, exponent);
  fc.assert(
    fc.property(decimal, (parts) => {
      const text = parts.join('');
      fc.pre(text !== '');
      const expected = Number(text);
      expect(scan(text).number).toBe(Number.isFinite(expected) ? expected : NaN);
    }),
    { seed: 1, numRuns: 20_000 },
  );
});

test.each(['0', '-0', '7', '-12.25', '5.', '.5', '0.1', '123456789012345', '0.00000000000001', '1e5', '+1'])(
  'the number %s is read',
  (text) => {
    expect(scan(text)).toMatchObject({ number: Number(text), isNumeric: true });
  },
);

test.each(['', '-', '.', '-.', '1.2.3', 'e5', ' 1', '1 ', '0x10', '2020-01-05', '1-2', 'NaN', 'Infinity'])(
  'the text "%s" is no number in decimal notation',
  (text) => {
    expect(scan(text)).toEqual({ number: NaN, isNumeric: false, isAsWritten: false });
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
      if (scan(text).isAsWritten) expect(String(Number(text))).toBe(text);
    }),
    { seed: 1 },
  );
  expect(scan('120').isAsWritten).toBe(true);
});

test('a column has the largest magnitude of its numbers', () => {
  const layout = { cells: 2, columnOf: Int32Array.of(1, 0), columns: 2 };
  expect(scanCells(Buffer.from('1,-3\n-4.5,2\nx,1\n'), layout)?.largest).toEqual(Float64Array.of(3, 4.5));
});

test('a line that ends too early asks for a parser, however little its cells and those before it hold', () => {
  const cells = 784;
  const layout = { cells, columns: cells, columnOf: Int32Array.from(Array(cells).keys()) };
  const line = `${','.repeat(cells - 1)}\n`;
  // Of as many lines some end near the end of what the kernel has of memory.
  for (let lines = 20; lines < 40; lines++)
    expect(scanCells(Buffer.from(line.repeat(lines) + ','.repeat(cells - 4)), layout)).toBeNull();
});
