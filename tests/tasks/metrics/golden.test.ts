import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { metricIds } from '../../../tasks/metrics/registry.ts';
import type { ScorableKind } from '../../../tasks/predictions.ts';
import { families, type Family } from '../../oracle/metrics/families.ts';
import type { OracleCase } from '../../oracle/metrics/oracle-case.ts';
import { compareCase, type Tally } from '../../oracle/metrics/tally.ts';

const names = Object.keys(families) as Family[];

function talliesOf(family: Family): Map<string, Tally> {
  const file = new URL(`../../golden/metrics/${family}.jsonl`, import.meta.url);
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const tallies = new Map<string, Tally>();
  for (const line of lines) compareCase(family, JSON.parse(line) as OracleCase, tallies);
  return tallies;
}

test.each(names)('%s metrics give what their oracles gave', (family) => {
  const failures = [...talliesOf(family).values()].flatMap((tally) => tally.failures);
  expect(failures).toEqual([]);
});

const kinds: ScorableKind[] = [
  'regression',
  'classification',
  'multilabel',
  'ranking',
  'generation',
  'tagging',
];

test('every metric is held against an oracle, most often with a value', () => {
  const tallies = new Map(names.flatMap((family) => [...talliesOf(family)]));
  const answered = new Map<string, number>();
  for (const [name, { valued }] of tallies) {
    const id = name.split('@')[0] ?? name;
    answered.set(id, (answered.get(id) ?? 0) + valued);
  }
  const unheld = kinds.flatMap((kind) =>
    metricIds(kind).filter((id) => (answered.get(id.split('@')[0] ?? id) ?? 0) === 0),
  );
  expect(unheld).toEqual([]);
});
