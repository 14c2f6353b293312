import { expect, test, vi } from 'vitest';
import { giveBack, takeBytes } from '../../core/spare-bytes.ts';

test('memory that was given back, by any view of it, is taken again from its start', () => {
  giveBack(
    takeBytes(1 << 20)
      .fill(7)
      .subarray(10, 20),
  );
  const second = takeBytes(1 << 20);
  expect(second).toHaveLength(1 << 20);
  expect(second.every((byte) => byte === 7)).toBe(true);
});

test('memory that was given back is taken once, and for as many bytes or up to half as many', () => {
  const mark = (length: number): void => {
    giveBack(takeBytes(length).fill(9));
  };
  const isMarked = (bytes: Uint8Array): boolean => bytes.length > 0 && bytes.every((byte) => byte === 9);
  mark(1 << 20);
  expect(isMarked(takeBytes((1 << 20) + 1).fill(0, 0, 1))).toBe(false);
  const half = takeBytes(1 << 19);
  expect(isMarked(half)).toBe(true);
  half.fill(1);
  expect(isMarked(takeBytes(1 << 19).fill(0, 0, 1))).toBe(false);
  mark(1 << 20);
  expect(takeBytes(1000).buffer.byteLength).toBe(1000);
});

test('memory that nobody takes within a second is let go', () => {
  vi.useFakeTimers();
  giveBack(takeBytes(1 << 20).fill(5));
  vi.advanceTimersByTime(999);
  const within = takeBytes(1 << 20);
  expect(within.every((byte) => byte === 5)).toBe(true);
  giveBack(within);
  vi.advanceTimersByTime(1000);
  expect(
    takeBytes(1 << 20)
      .fill(0, 0, 1)
      .every((byte) => byte === 5),
  ).toBe(false);
  vi.useRealTimers();
});
