import { expect, test } from 'vitest';
import { parseWith } from '../../core/parse.ts';
import { plainMargin, policySchema, storedPolicySchema } from '../../results/policy.ts';

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
  { maxDrop: { kind: 'absolute', value: 1 }, maxSlowdown: 0, alpha: 0.11 },
])('%o is no policy', (policy) => {
  expect(policySchema.safeParse(policy).success).toBe(false);
});

test('an alpha above 0.1 is refused in words, and read from older records', () => {
  const policy = {
    maxDrop: { kind: 'absolute', value: 1 },
    maxSlowdown: 0,
    minSpeedup: null,
    falseAlarms: 0.01,
  };
  expect(policySchema.safeParse({ ...policy, alpha: 0.1 }).success).toBe(true);
  const source = { what: 'suite', where: 'a.suite.json', code: 'suite-invalid' } as const;
  expect(() => parseWith(policySchema, { ...policy, alpha: 0.2 }, source)).toThrow(
    'alpha: takes at most 0.1, up to where verdicts were shown to keep their promise; found 0.2',
  );
  expect(storedPolicySchema.parse({ ...policy, alpha: 0.2 }).alpha).toBe(0.2);
});
