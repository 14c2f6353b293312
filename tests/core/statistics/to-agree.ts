import { expect } from 'vitest';

/** Asserts |found - expected| <= 1e-10 · max(1, |expected|), and for small expected values 1e-10 of those. */
export function expectAgreement(found: number, expected: number, what: string): void {
  const error = Math.abs(found - expected);
  const scale =
    Math.abs(expected) < 1e-6 && expected !== 0 ? Math.abs(expected) : Math.max(1, Math.abs(expected));
  expect(error <= 1e-10 * scale, `${what}: found ${found}, expected ${expected}`).toBe(true);
}
