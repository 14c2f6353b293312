import type { TaskKind } from '../../../core/task-kind.ts';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { metricIds } from '../../../tasks/metrics/registry.ts';
import { families, type Family } from '../../oracle/metrics/families.ts';
import type { OracleCase } from '../../oracle/metrics/oracle-case.ts';
import { compareCase, type Tally } from '../../oracle/metrics/tally.ts';

const names = Object.keys(families) as Family[];
const known = new Map<Family, Map<string, Tally>>();

function talliesOf(family: Family): Map<string, Tally> {
  const tallies = known.get(family) ?? compareAll(family);
  known.set(family, tallies);
  return tallies;
}

function compareAll(family: Family): Map<string, Tally> {
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

/** The families of cases that hold the metrics of each kind of predictions. */
const familiesOf: Record<TaskKind, readonly Family[]> = {
  regression: ['regression'],
  classification: ['classes', 'probabilities'],
  multilabel: ['multilabel'],
  ranking: ['ranking'],
  generation: ['texts', 'likelihood'],
  tagging: ['tagging'],
};
const kinds = Object.keys(familiesOf) as TaskKind[];

test.each(kinds)('every %s metric is held against its oracle in ten cases with a value', (kind) => {
  const valuedOf = new Map<string, number>();
  for (const [name, { valued }] of familiesOf[kind].flatMap((family) => [...talliesOf(family)])) {
    const [id = name] = name.split('@');
    valuedOf.set(id, Math.max(valued, valuedOf.get(id) ?? 0));
  }
  const held = metricIds(kind).map((id) => id.split('@')[0] ?? id);
  expect(held.filter((id) => (valuedOf.get(id) ?? 0) < 10)).toEqual([]);
});

test('each family of cases belongs to one kind of predictions', () => {
  expect(Object.values(familiesOf).flat().sort()).toEqual(names.toSorted());
});
