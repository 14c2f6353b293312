import { expect, test } from 'vitest';
import { bytes, bytesText } from '../../cli/routes/bytes.ts';
import { folder } from '../../cli/routes/folder.ts';
import { wholeNumber } from '../../cli/routes/whole-number.ts';
import { duration, durationText, secondsOrDuration } from '../../cli/routes/duration.ts';

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

test.each(['0x2', '1e1', ' 2', '2.0', '+2', '', '0', '11'])(
  '"%s" is no whole number from 1 to 10',
  (text) => {
    expect(() => wholeNumber({ least: 1, most: 10 })(text)).toThrow(
      `"${text}" is not a whole number from 1 to 10`,
    );
  },
);

test.each(['', ' '])('"%s" is no folder, not the one where the command runs', (text) => {
  expect(() => folder(text)).toThrow('is not the path of a folder');
});

test('where a number alone is of seconds, times with a unit are taken, too', () => {
  expect(['300', '1.5', '5m', '250ms'].map(secondsOrDuration)).toEqual([300_000, 1500, 300_000, 250]);
  expect(() => secondsOrDuration('0')).toThrow('is not a time such as');
});
