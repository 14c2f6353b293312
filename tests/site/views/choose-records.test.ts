import { expect, test } from 'vitest';
import type { StoredRun } from '../../../results/read-runs.ts';
import type { RunRecord, StoredRecord } from '../../../results/schema.ts';
import { chooseRecords } from '../../../site/views/choose-records.ts';
import { makeCell, makeGroup, makeRun, makeSubject, makeVariant } from '../../fakes/stored-runs.ts';
import { parseTarget } from '../../../suites/target.ts';

const monday = '2026-11-16T09:00:00.000Z';
const tuesday = '2026-11-17T09:00:00.000Z';

function storedRun(run: Partial<RunRecord>, records: readonly StoredRecord[]): StoredRun {
  const filed = records.map((record) => ({ file: '', record }));
  return { file: '', run: makeRun(run), records: filed, damaged: [] };
}

test('the newest record of a variant is chosen, in whatever order the runs come', () => {
  const older = storedRun({ id: 'older' }, [makeCell({ startedAt: monday })]);
  const newer = storedRun({ id: 'newer' }, [makeCell({ startedAt: tuesday })]);
  for (const runs of [
    [older, newer],
    [newer, older],
  ]) {
    expect(chooseRecords(runs)[0]?.cells.get('fp32')?.run.id).toBe('newer');
  }
});

test('a newer failure takes the place of an older figure', () => {
  const failure = { status: 'failed', code: 'crashed', reason: 'SIGSEGV', stderrTail: null } as const;
  const runs = [
    storedRun({}, [makeCell({ startedAt: monday })]),
    storedRun({}, [makeCell({ startedAt: tuesday, outcome: failure })]),
  ];
  expect(chooseRecords(runs)[0]?.cells.get('fp32')?.record.outcome).toEqual(failure);
});

test('a newer quick run does not take the place of a default one', () => {
  const runs = [
    storedRun({ id: 'whole', form: 'default' }, [makeGroup({ startedAt: monday })]),
    storedRun({ id: 'quick', form: 'quick' }, [makeGroup({ startedAt: tuesday })]),
  ];
  expect(chooseRecords(runs)[0]?.group?.run.id).toBe('whole');
});

test('targets, models and suites are kept apart, in a fixed order', () => {
  const wasm = makeSubject({ target: parseTarget('tfjs/wasm') });
  const other = makeSubject({ model: { ...makeSubject().model, id: 'another-cnn' } });
  const cells = [makeCell({ subject: wasm }), makeCell(), makeCell({ subject: other })];
  const chosen = chooseRecords([storedRun({}, cells)]);
  expect(chosen.map(({ subject: { model, target } }) => `${model.id} ${target.device}`)).toEqual([
    'another-cnn cpu',
    'digits-cnn cpu',
    'digits-cnn wasm',
  ]);
});

test('cells of a group are found by variant', () => {
  const int8 = makeVariant({ name: 'int8-dynamic', isBaseline: false });
  const [chosen] = chooseRecords([storedRun({}, [makeGroup(), makeCell(), makeCell({ variant: int8 })])]);
  expect([...(chosen?.cells.keys() ?? [])].sort()).toEqual(['fp32', 'int8-dynamic']);
  expect(chosen?.group?.record.kind).toBe('group');
});
