import { expect, test } from 'vitest';
import { hashOf, sha256 } from '../../core/hash.ts';

test('SHA-256 agrees with the examples of FIPS 180', () => {
  expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});

test('a text hashes as its UTF-8 bytes', () => {
  expect(sha256('ü€')).toBe(sha256(new TextEncoder().encode('ü€')));
});

test('equal values have equal hashes whatever the order of their keys', () => {
  expect(hashOf({ a: 1, b: { c: 2, d: 3 } })).toBe(hashOf({ b: { d: 3, c: 2 }, a: 1 }));
  expect(hashOf({ a: 1 })).not.toBe(hashOf({ a: 2 }));
  expect(hashOf([1, 2])).not.toBe(hashOf([2, 1]));
});
