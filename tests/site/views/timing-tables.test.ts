import { expect, test } from 'vitest';
import type { TimedOutcome } from '../../../results/schema.ts';
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
    '12.0 B',
    'the same to the bit',
    '9.30 µs',
  ]);
});

test('growth, outputs that differ and an unknown floor are shown beside loading and memory', () => {
  const { footprint, ...timed } = makeTimed(makeProfile(1)) as Extract<TimedOutcome, { status: 'measured' }>;
  if (footprint?.memory == null) throw new Error('a fake without a footprint');
  const cellsWith = (growthBytesPerCall: number | null): unknown[] => {
    const memory = { ...footprint.memory, growthBytesPerCall } as typeof footprint.memory;
    const odd = { ...footprint, memory, outputs: { calls: 812, isRepeatable: false }, floorMs: null };
    const variants = [makeTimedVariant({ variant: makeVariant(), timed: { ...timed, footprint: odd } })];
    return firstRow(footprintTable(makeGroup({ variants }))).slice(5);
  };
  const others = [
    ['differ', 'over 812 calls'],
    ['–', 'not measured'],
  ];
  expect(cellsWith(-3000)).toEqual([['−3.00 kB', null], ...others]);
  expect(cellsWith(null)).toEqual([['–', 'too few calls'], ...others]);
});

test('garbage collections are told to be those of the whole group', () => {
  expect(conditionsTable(group)?.columns.at(-1)?.name).toBe('Garbage collections, whole group');
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
  const unkept = { memory: null, outputs: null, floorMs: null };
  const footprint = { processes: 1, loadMs: 3, firstCallMs: 2, ...unkept };
  const variants = [makeTimedVariant({ variant: makeVariant(), timed: { ...timed, footprint } as never })];
  expect(firstRow(footprintTable(makeGroup({ variants }))).at(-2)).toEqual(['–', 'not measured']);
  expect(conditionsTable(makeGroup({ variants }))).toBeNull();
  expect(firstRow(footprintTable(makeGroup({ variants })))[2]).toEqual(['–', 'not measured']);
});
