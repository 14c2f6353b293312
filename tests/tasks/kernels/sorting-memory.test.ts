import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  memoryToSort,
  type SortedRun,
  type SortingMemory,
  sortRun,
} from '../../../tasks/kernels/sorting-memory.ts';
import { holds } from '../metrics/holds.ts';
import { manyNumbers } from '../many-numbers.ts';

function memoryFor(count: number): SortingMemory {
  const memory = memoryToSort(count);
  if (memory === null) throw new Error('There is no memory to be had.');
  return memory;
}

const sign = 1n << 63n;

/** The numbers that keys stand for: of the positive ones the sign is turned round, of the others every bit. */
function numbersOf({ numbers }: SortingMemory, [start, end]: SortedRun): Float64Array {
  const keys = new BigUint64Array(numbers.buffer, start, (end - start) / 8);
  return new Float64Array(keys.map((key) => (key < sign ? ~key : key ^ sign)).buffer);
}

function sorted(numbers: Float64Array): Float64Array {
  const memory = memoryFor(numbers.length);
  memory.numbers.set(numbers);
  return numbersOf(memory, sortRun(memory, 0, numbers.length));
}

/** What a comparison sort gives, where 0 has no sign. */
function compared(numbers: Float64Array): Float64Array {
  return numbers.map((number) => number + 0).sort();
}

test('numbers are sorted as a comparison sort does', () => {
  holds(
    fc.property(manyNumbers, (numbers) => {
      expect(sorted(numbers)).toEqual(compared(numbers));
    }),
  );
});

test('any numbers are sorted, infinities and the least too', () => {
  const numbers = fc.float64Array({ noNaN: true, maxLength: 3000, size: 'max' });
  holds(
    fc.property(numbers, (drawn) => {
      expect(sorted(drawn)).toEqual(compared(drawn));
    }),
  );
});

test('as few numbers as are compared, and one more, are sorted', () => {
  for (const count of [0, 1, 2, 255, 256, 257, 258]) {
    const numbers = Float64Array.from({ length: count }, (_, i) => Math.sin(i) * 10 ** (i % 9));
    expect(sorted(numbers)).toEqual(compared(numbers));
  }
});

test('runs of one memory are sorted apart', () => {
  holds(
    fc.property(manyNumbers, manyNumbers, (first, second) => {
      const rows = first.length + second.length;
      const memory = memoryFor(rows);
      memory.numbers.set(first);
      memory.numbers.set(second, first.length);
      const one = sortRun(memory, 0, first.length);
      const other = sortRun(memory, first.length, rows);
      expect(numbersOf(memory, one)).toEqual(compared(first));
      expect(numbersOf(memory, other)).toEqual(compared(second));
    }),
  );
});

test('a thread keeps one memory, and one for more than that holds, as far as addresses go', () => {
  expect(memoryToSort(1)).toBe(memoryToSort(4_000_000));
  expect(memoryToSort(2 ** 28 - 8191)).toBeNull();
  // Addresses of its end are beyond 2^31.
  const count = 2 ** 28 - 8192;
  const memory = memoryFor(count);
  expect(memory).not.toBe(memoryToSort(1));
  expect(memoryToSort(5_000_000)).toBe(memory);
  const numbers = Float64Array.from({ length: 3000 }, (_, i) => Math.cos(i));
  memory.numbers.set(numbers, count - numbers.length);
  expect(numbersOf(memory, sortRun(memory, count - numbers.length, count))).toEqual(compared(numbers));
});
