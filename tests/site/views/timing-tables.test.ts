import { expect, test } from 'vitest';
import { conditionsTable, footprintTable, percentilesTable } from '../../../site/views/timing-tables.ts';
import { makeGroup, makeProfile, makeTimed, makeTimedVariant, makeVariant } from '../../fakes/stored-runs.ts';

const group = makeGroup();

function firstRow(table: ReturnType<typeof footprintTable>): (string | null)[][] {
  return table?.rows[0]?.cells.map(({ value, range }) => [value, range]) ?? [];
}

test('each percentile stands with its interval, and an unsupported one with the reason', () => {
  const table = percentilesTable(group);
  expect(table?.columns.map(({ name }) => name)).toEqual([
    'Median',
    '90th percentile',
    '99th percentile',
    '99.9th percentile',
    'Calls',
  ]);
  const [, p90, , p999] = firstRow(table);
  expect(p90?.[0]).toBe('0.461');
  expect(p90?.[1]).toMatch(/^0.452.0.475$/);
  expect(p999).toEqual(['–', 'too few calls']);
});

test('loading and memory have units', () => {
  expect(firstRow(footprintTable(group)).map(([value]) => value)).toEqual([
    '18.2 ms',
    '2.60 ms',
    '61.0 MB',
    '93.0 MB',
    '88.5 MB',
  ]);
});

test('how the processes went is told in shares and counts', () => {
  expect(firstRow(conditionsTable(group)).map(([value]) => value)).toEqual([
    '10 of 10',
    '62.5 ms',
    '100 %',
    '240',
    '3',
  ]);
});

test('what an old record did not keep has no table, or says so', () => {
  const timed = { ...makeTimed(makeProfile(1)), conditions: null };
  const footprint = { processes: 1, loadMs: 3, firstCallMs: 2, memory: null };
  const variants = [makeTimedVariant({ variant: makeVariant(), timed: { ...timed, footprint } as never })];
  expect(conditionsTable(makeGroup({ variants }))).toBeNull();
  expect(firstRow(footprintTable(makeGroup({ variants })))[2]).toEqual(['–', 'not measured']);
});
