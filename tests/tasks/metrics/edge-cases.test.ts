import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { differenceOf, tolerance } from '../../oracle/metrics/difference.ts';
import type { Answer } from '../../oracle/metrics/oracle-case.ts';
import { edgeCases, knownDeviations } from './edge-case-answers.ts';

/** Values scikit-learn 1.9.1 and sacrebleu 2.6.0 gave; a number that JSON has no way to write is tagged. */
type Tagged = number | string | null | { $number: string } | readonly Tagged[];

const golden = JSON.parse(
  readFileSync(new URL('../../golden/metrics/edge-cases.json', import.meta.url), 'utf8'),
) as [name: string, value: Tagged][];

function untagged(value: Tagged): Answer {
  if (Array.isArray(value)) return (value as Tagged[]).map(untagged);
  if (value === null || typeof value !== 'object') return value;
  const { $number } = value as { $number: string };
  return $number === 'NaN' ? null : $number;
}

test.each(golden.filter(([name]) => !(name in knownDeviations)))('%s is met', (name, value) => {
  const answer = edgeCases[name];
  expect(answer, `no case of the name ${name}`).toBeDefined();
  expect(differenceOf(answer?.() ?? null, untagged(value))).toBeLessThanOrEqual(tolerance);
});

test.each(Object.entries(knownDeviations))('%s is answered in our own way', (name, { ours, deviates }) => {
  expect(golden.map(([known]) => known)).toContain(name);
  expect(ours()).toEqual(deviates);
});
