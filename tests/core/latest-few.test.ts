import { expect, test } from 'vitest';
import { latestFew } from '../../core/latest-few.ts';

test('what was asked for last is there, what was not is made again', () => {
  const made: string[] = [];
  const few = latestFew<string>(2);
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) {
    const value = few(key, () => {
      made.push(key);
      return `of ${key}`;
    });
    expect(value).toBe(`of ${key}`);
  }
  expect(made).toEqual(['a', 'b', 'c', 'b']);
});
