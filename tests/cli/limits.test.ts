import { expect, test } from 'vitest';
import { bytes, bytesText } from '../../cli/routes/bytes.ts';
import { duration, durationText } from '../../cli/routes/duration.ts';

test.each(['250ms', '90s', '30m', '2h'])('a time of %s is written as it was given', (text) => {
  expect(durationText(duration(text))).toBe(text);
});

test.each(['512MiB', '2GiB', '500MB', '20GB'])('a size of %s is written as it was given', (text) => {
  expect(bytesText(bytes(text))).toBe(text);
});

test('what no unit has whole ones of is read back as the same', () => {
  expect(durationText(duration('1.5h'))).toBe('90m');
  const size = bytes('1.23456GiB');
  expect(bytes(bytesText(size))).toBe(size);
});
