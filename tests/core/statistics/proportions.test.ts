import { expect, test } from 'vitest';
import { mcnemar } from '../../../core/statistics/mcnemar.ts';
import { tangoInterval, tangoScore } from '../../../core/statistics/tango.ts';
import { wilsonInterval } from '../../../core/statistics/wilson.ts';
import golden from '../../golden/statistics/proportions.json' with { type: 'json' };
import { expectAgreement } from './to-agree.ts';

test("Wilson's interval agrees with SciPy to 1e-10", () => {
  for (const [successes, n, level, low, high] of golden.wilson as [
    number,
    number,
    number,
    number,
    number,
  ][]) {
    const interval = wilsonInterval(successes, n, level);
    expectAgreement(interval.low, low, `low of ${successes}/${n}`);
    expectAgreement(interval.high, high, `high of ${successes}/${n}`);
  }
});

test("McNemar's p agrees with SciPy's binomial test to 1e-10", () => {
  for (const [onlyBaseline, onlyVariant, exact, midP] of golden.mcnemar as [
    number,
    number,
    number,
    number,
  ][]) {
    const found = mcnemar(onlyBaseline, onlyVariant);
    expectAgreement(found.exact, exact, `exact of ${onlyBaseline}, ${onlyVariant}`);
    expectAgreement(found.midP, midP, `mid-p of ${onlyBaseline}, ${onlyVariant}`);
  }
});

test("Tango's interval agrees with the likelihood maximised numerically to 1e-10", () => {
  for (const row of golden.tango) {
    const [n, onlyBaseline, onlyVariant, level, low, high] = row as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const interval = tangoInterval({ n, onlyBaseline, onlyVariant }, level);
    expectAgreement(interval.low, low, `low of ${row.join(', ')}`);
    expectAgreement(interval.high, high, `high of ${row.join(', ')}`);
  }
});

test('15 lost and 5 gained of 1000 are within two points though the difference is real', () => {
  const { low, high } = tangoInterval({ n: 1000, onlyBaseline: 15, onlyVariant: 5 }, 0.95);
  expect([low, high]).toEqual([expect.closeTo(-0.0201838, 7), expect.closeTo(-0.0013669, 7)]);
  expect(tangoInterval({ n: 1000, onlyBaseline: 15, onlyVariant: 5 }, 0.9).low).toBeCloseTo(-0.0183021, 7);
  expect(mcnemar(15, 5).exact).toBeCloseTo(0.0413894653, 10);
  expect(mcnemar(15, 5).midP).toBeCloseTo(0.0266037, 7);
});

test('swapping baseline and variant mirrors the interval', () => {
  const one = tangoInterval({ n: 80, onlyBaseline: 9, onlyVariant: 2 }, 0.95);
  const other = tangoInterval({ n: 80, onlyBaseline: 2, onlyVariant: 9 }, 0.95);
  expect(one.low).toBeCloseTo(-other.high, 12);
  expect(one.high).toBeCloseTo(-other.low, 12);
});

test('outcomes that never differ still leave an interval with width', () => {
  const { low, high } = tangoInterval({ n: 100, onlyBaseline: 0, onlyVariant: 0 }, 0.95);
  expect(high).toBeCloseTo(3.8415 / 103.8415, 4);
  expect(low).toBeCloseTo(-high, 12);
  expect(tangoScore({ n: 100, onlyBaseline: 0, onlyVariant: 0 }, 0)).toBe(0);
});
