import { expect, test } from 'vitest';
import type { StoredRun } from '../../results/read-runs.ts';
import type { RunRecord, StoredRecord } from '../../results/schema.ts';
import { knownRecords, unfinishedRun } from '../../runners/known-records.ts';
import { makeCell, makeGroup, makeRun, makeTimedVariant, makeVariant } from '../fakes/stored-runs.ts';

const cell = makeCell();
const group = makeGroup();
const failure = { status: 'failed', code: 'error', reason: 'x', stderrTail: null } as const;

function stored(overrides: Partial<RunRecord>, records: readonly StoredRecord[] = [cell, group]): StoredRun {
  const run = makeRun(overrides);
  return {
    file: `results/runs/${run.id}/run.json`,
    run,
    records: records.map((record) => ({ file: '', record })),
  };
}

const now = makeRun({ id: 'now' });
const ids = new Set([cell.id, group.id]);

test('what was measured whole under the same conditions is known, by its newest run', () => {
  const known = knownRecords([stored({ id: 'older' }), stored({ id: 'newer' })], now);
  expect([...known.keys()]).toEqual([cell.id, group.id]);
  expect(known.get(cell.id)?.runFolder).toBe('results/runs/newer');
});

test.each<[string, Partial<RunRecord>]>([
  ['another form', { form: 'quick' }],
  ['another version', { assayVersion: '0.0.9' }],
  ['another revision', { assayRevision: 'abc' }],
  ['another machine', { environment: { ...now.environment, fingerprint: 'f'.repeat(64) } }],
])('what was measured with %s is not known', (_, overrides) => {
  expect(knownRecords([stored(overrides)], now).size).toBe(0);
});

test('what failed, or was void for its control, is measured again', () => {
  const failedCell = makeCell({ outcome: failure });
  const failedGroup = makeGroup({ variants: [makeTimedVariant({ variant: makeVariant(), timed: failure })] });
  const voidGroup = makeGroup({ warnings: [{ code: 'control-failed', detail: '', advice: '' }] });
  for (const record of [failedCell, failedGroup, voidGroup])
    expect(knownRecords([stored({}, [record])], now).size).toBe(0);
});

test.each(['running', 'interrupted'] as const)('a run left %s goes on', (status) => {
  expect(unfinishedRun([stored({ id: 'cut', status })], now, ids)?.run.id).toBe('cut');
});

test('a run that ended, or that a newer one of the same suites came after, does not go on', () => {
  expect(unfinishedRun([stored({ status: 'complete' })], now, ids)).toBeNull();
  const runs = [stored({ id: 'cut', status: 'interrupted' }), stored({ id: 'newer', status: 'complete' })];
  expect(unfinishedRun(runs, now, ids)).toBeNull();
});

test('a run of the same suites over a model that changed meanwhile does not go on', () => {
  const cut = stored({ status: 'interrupted' });
  expect(unfinishedRun([cut], now, new Set([group.id]))).toBeNull();
});
