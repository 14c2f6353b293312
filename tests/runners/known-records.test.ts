import { expect, test } from 'vitest';
import { AssayError } from '../../core/errors.ts';
import type { StoredRun } from '../../results/read-runs.ts';
import type { RunRecord, StoredRecord } from '../../results/schema.ts';
import { knownRecords, unfinishedRun } from '../../runners/known-records.ts';
import { makeCell, makeGroup, makeRun, makeTimedVariant, makeVariant } from '../fakes/stored-runs.ts';

const measured = { measurementId: 'a'.repeat(64) };
const cell = makeCell(measured);
const group = makeGroup(measured);
const failure = { status: 'failed', code: 'error', reason: 'x', stderrTail: null } as const;

function stored(overrides: Partial<RunRecord>, records: readonly StoredRecord[] = [cell, group]): StoredRun {
  const run = makeRun(overrides);
  return {
    file: `results/runs/${run.id}/run.json`,
    run,
    records: records.map((record) => ({ file: '', record })),
    damaged: [],
  };
}

const now = makeRun({ id: 'now' });
const ids = new Set([cell.id, group.id]);

const wanted = { measurementId: 'a'.repeat(64), id: cell.id };

test('what was measured whole before is found by its measurement, and the newest counts', () => {
  const known = knownRecords([stored({ id: 'older' }), stored({ id: 'newer' })]);
  expect(known.find('cell', wanted)).toEqual({ record: cell, runFolder: 'results/runs/newer' });
  expect(known.find('group', wanted)?.record).toEqual(group);
  expect(known.find('scenario', wanted)).toBeNull();
  expect(known.find('cell', { ...wanted, measurementId: 'b'.repeat(64) })).toBeNull();
});

test('a record of the same job goes before a newer one of the same measurement', () => {
  const other = { ...cell, id: 'c'.repeat(64) };
  const known = knownRecords([stored({ id: 'older' }), stored({ id: 'newer' }, [other])]);
  expect(known.find('cell', wanted)?.runFolder).toBe('results/runs/older');
  expect(known.find('cell', { ...wanted, id: 'd'.repeat(64) })?.runFolder).toBe('results/runs/newer');
});

test('what failed, was void for its control, or has no identity is measured again', () => {
  const failedCell = makeCell({ ...measured, outcome: failure });
  const failedGroup = makeGroup({
    ...measured,
    variants: [makeTimedVariant({ variant: makeVariant(), timed: failure })],
  });
  const voidGroup = makeGroup({
    ...measured,
    warnings: [{ code: 'control-failed', detail: '', advice: '' }],
  });
  const known = knownRecords([stored({}, [failedCell, failedGroup, voidGroup, makeCell()])]);
  expect(known.find('cell', wanted)).toBeNull();
  expect(known.find('group', wanted)).toBeNull();
});

test.each(['running', 'interrupted', 'timed-out'] as const)('a run left %s goes on', (status) => {
  expect(unfinishedRun([stored({ id: 'cut', status })], now, ids)?.run.id).toBe('cut');
});

test('a run that ended, or that a newer one of the same suites came after, does not go on', () => {
  expect(unfinishedRun([stored({ status: 'complete' })], now, ids)).toBeNull();
  const runs = [stored({ id: 'cut', status: 'interrupted' }), stored({ id: 'newer', status: 'complete' })];
  expect(unfinishedRun(runs, now, ids)).toBeNull();
});

test('a run cut short under another version of what computes does not go on', () => {
  const { environment } = now;
  const packages = { ...environment.packages, libtensorflow: '2.9.1' };
  const cut = stored({ status: 'interrupted', environment: { ...environment, packages } });
  expect(unfinishedRun([cut], now, ids)).toBeNull();
});

test('a run of the same suites over a model that changed meanwhile does not go on', () => {
  const cut = stored({ status: 'interrupted' });
  expect(unfinishedRun([cut], now, new Set([group.id]))).toBeNull();
});

test('a run cut short that holds a damaged file does not go on, and what else it holds is found', () => {
  const damaged = [{ file: 'damaged.json', error: new AssayError('record-invalid', '') }];
  const cut = { ...stored({ status: 'interrupted' }), damaged };
  expect(unfinishedRun([cut], now, ids)).toBeNull();
  expect(knownRecords([cut]).find('cell', wanted)?.record).toEqual(cell);
});
