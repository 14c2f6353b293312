import { expect, test } from 'vitest';
import {
  clip,
  decimalsFor,
  decimalsForTimes,
  decimalsOfComparison,
  formatBytes,
  formatDistanceRange,
  formatDuration,
  formatMoment,
  formatNumber,
  formatP,
  formatPercent,
  formatSigned,
  formatSignificant,
  formatSignedRange,
  formatTime,
  timeScale,
} from '../../../site/views/format.ts';

test.each([
  [1234, 0, '1234'],
  [12345.678, 1, '12,345.7'],
  [-0.5, 2, '\u22120.50'],
  [-0.0004, 2, '0.00'],
  [1e300, 2, '1.000e+300'],
])('%d with %d decimals is written %s', (value, decimals, text) => {
  expect(formatNumber(value, decimals)).toBe(text);
});

test('a signed number that rounds to zero has no sign', () => {
  expect([formatSigned(0.0004, 2), formatSigned(-0.0004, 2), formatSigned(0.3, 1)]).toEqual([
    '0.00',
    '0.00',
    '+0.3',
  ]);
});

test('a signed range spells both signs', () => {
  expect(formatSignedRange({ low: -0.011, high: 0.007 }, 3)).toBe('\u22120.011 to +0.007');
});

test('a column shows two significant digits of its narrowest interval', () => {
  const wide = { value: 2.5, interval: { low: 2.2, high: 2.9 } };
  const narrow = { value: 0.95, interval: { low: 0.94, high: 0.96 } };
  expect(decimalsFor([wide])).toBe(2);
  expect(decimalsFor([wide, narrow])).toBe(3);
});

test('a value without an interval shows four significant digits', () => {
  expect(decimalsFor([{ value: 12.3456, interval: null }])).toBe(2);
  expect(decimalsFor([{ value: 5, interval: { low: 5, high: 5 } }])).toBe(3);
});

test.each([
  ['two digits of the interval', { difference: -0.00014, interval: { low: -0.0011, high: 0.0008 } }, 5],
  ['two digits of the difference', { difference: -0.02074, interval: null }, 3],
  ['four digits of what is compared, where that is more', { difference: 4.16, interval: null }, 2],
  ['as without an interval where it has no width', { difference: 0, interval: { low: 0, high: 0 } }, 2],
])('a baseline, a variant and their difference have %s', (_, compared, decimals) => {
  expect(decimalsOfComparison({ baseline: 17.86019, variant: 17.83945, ...compared })).toBe(decimals);
});

test('digits are counted after rounding', () => {
  expect([formatP(0.000999), formatSignificant(9.996)]).toEqual(['0.0010', '10.0']);
});

test('the interval of a distance is written as the distance is', () => {
  expect(formatDistanceRange(4.6e-5, { low: 0, high: 0.000177 })).toBe('0–1.8e-4');
  expect(formatDistanceRange(0.39, { low: 0.3587, high: 0.4261 })).toBe('0.359–0.426');
});

test('ratios near 1 get a third decimal', () => {
  expect(decimalsForTimes([{ value: 1.32, interval: null }])).toBe(2);
  expect(
    decimalsForTimes([
      { value: 1.32, interval: null },
      { value: 0.996, interval: null },
    ]),
  ).toBe(3);
});

test.each([
  [0.0214, '21.4 µs'],
  [0.412, '0.412 ms'],
  [63.24, '63.2 ms'],
  [1500, '1.50 s'],
])('%d ms is written %s', (timeMs, text) => {
  expect(formatTime(timeMs)).toBe(text);
});

test('the shortest time decides the unit of a column', () => {
  expect(timeScale([0.02, 5000]).unit).toBe('µs');
  expect(timeScale([]).unit).toBe('ms');
});

test.each([
  [0, '0 B'],
  [152_340, '152 kB'],
  [7_948, '7.95 kB'],
  [1_830_400, '1.83 MB'],
])('%d bytes are written %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0.95, 3, '95 %'],
  [0.0213, 2, '2.1 %'],
  [0.05, 2, '5 %'],
])('a share of %d to %d digits is written %s', (share, digits, text) => {
  expect(formatPercent(share, digits)).toBe(text);
});

test('moments and durations are written for people', () => {
  expect(formatMoment('2026-11-20T09:04:59.123Z')).toBe('2026-11-20 09:04 UTC');
  const durations = [0.013, 340.2, 8_423, 1_300_000].map(formatDuration);
  expect(durations).toEqual(['< 1 ms', '340 ms', '8.4 s', '21 min 40 s']);
});

test('long text is cut to one line of the length asked', () => {
  expect(clip('two\n lines')).toBe('two lines');
  expect(clip('x'.repeat(10_000), 20)).toBe(`${'x'.repeat(19)}…`);
});
