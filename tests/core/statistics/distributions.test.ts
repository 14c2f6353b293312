import { expect, test } from 'vitest';
import { binomialCdf, binomialQuantile } from '../../../core/statistics/binomial.ts';
import { complementaryErrorFunction, errorFunction } from '../../../core/statistics/error-function.ts';
import { fCdf } from '../../../core/statistics/f-distribution.ts';
import { incompleteBeta } from '../../../core/statistics/incomplete-beta.ts';
import { logGamma } from '../../../core/statistics/log-gamma.ts';
import { normalCdf, normalQuantile } from '../../../core/statistics/normal.ts';
import { studentTCdf, studentTQuantile } from '../../../core/statistics/student-t.ts';
import golden from '../../golden/statistics/distributions.json' with { type: 'json' };
import { expectAgreement } from './to-agree.ts';

type Row = readonly [number, number, number, number];

const kernels = {
  normalCdf: ([x]: Row) => normalCdf(x),
  normalQuantile: ([p]: Row) => normalQuantile(p),
  errorFunction: ([x]: Row) => errorFunction(x),
  complementaryErrorFunction: ([x]: Row) => complementaryErrorFunction(x),
  logGamma: ([x]: Row) => logGamma(x),
  studentTCdf: ([t, freedom]: Row) => studentTCdf(t, freedom),
  studentTQuantile: ([p, freedom]: Row) => studentTQuantile(p, freedom),
  incompleteBeta: ([x, a, b]: Row) => incompleteBeta({ x, y: 1 - x, a, b }),
  binomialCdf: ([k, n, p]: Row) => binomialCdf(k, { n, p }),
  fCdf: ([x, numerator, denominator]: Row) => fCdf(x, numerator, denominator),
} satisfies Record<keyof typeof golden, (row: Row) => number>;

test.each(Object.keys(kernels) as (keyof typeof kernels)[])('%s agrees with SciPy to 1e-10', (name) => {
  const rows: readonly (readonly number[])[] = golden[name];
  expect(rows.length).toBeGreaterThan(10);
  for (const row of rows) {
    const found = kernels[name](row as unknown as Row);
    expectAgreement(found, row.at(-1) ?? NaN, `${name}(${row.slice(0, -1).join(', ')})`);
  }
});

test('quantiles undo their distribution functions far into the tails', () => {
  for (const p of [1e-12, 1e-4, 0.2, 0.7, 0.999]) {
    expect(normalCdf(normalQuantile(p)) / p).toBeCloseTo(1, 12);
    expect(studentTCdf(studentTQuantile(p, 4), 4) / p).toBeCloseTo(1, 12);
  }
});

test('a binomial quantile is the first count that reaches its probability', () => {
  const binomial = { n: 40, p: 0.3 };
  for (const probability of [0.001, 0.3, 0.5, 0.975, 1]) {
    const count = binomialQuantile(probability, binomial);
    expect(binomialCdf(count, binomial)).toBeGreaterThanOrEqual(probability);
    expect(binomialCdf(count - 1, binomial)).toBeLessThan(probability);
  }
});

test('arguments outside their domain are refused, not answered', () => {
  expect(() => normalQuantile(0)).toThrow('p in (0, 1), found 0');
  expect(() => normalQuantile(NaN)).toThrow('found NaN');
  expect(() => logGamma(0)).toThrow('x > 0, found 0');
  expect(() => incompleteBeta({ x: 0.5, y: 0.5, a: 0, b: 1 })).toThrow('a, b > 0');
});
