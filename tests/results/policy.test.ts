import { expect, test } from 'vitest';
import { plainMargin, policySchema } from '../../results/policy.ts';

test.each([
  [
    { kind: 'absolute', value: 0.02 },
    { kind: 'absolute', value: 0.02 },
  ],
  [
    { kind: 'relative', value: 0.1 },
    { kind: 'relative', value: 0.1 },
  ],
  [
    { kind: 'mlperf', keep: '99%' },
    { kind: 'relative', value: 0.01 },
  ],
  [
    { kind: 'mlperf', keep: '99.9%' },
    { kind: 'relative', value: 0.001 },
  ],
  [
    { kind: 'errors', value: 3 },
    { kind: 'absolute', value: 0.015 },
  ],
] as const)('%o on 200 samples is %o', (margin, plain) => {
  expect(plainMargin(margin, 200)).toEqual(plain);
});

test.each([
  { maxDrop: { kind: 'absolute', value: -1 }, maxSlowdown: 0 },
  { maxDrop: { kind: 'mlperf', keep: '95%' }, maxSlowdown: 0 },
  { maxDrop: { kind: 'errors', value: 1.5 }, maxSlowdown: 0 },
  { maxDrop: { kind: 'absolute', value: 1 }, maxSlowdown: 0, alpha: 0.6 },
])('%o is no policy', (policy) => {
  expect(policySchema.safeParse(policy).success).toBe(false);
});
