import { expect, test } from 'vitest';
import { resultOf } from '../../../cli/commands/run.ts';
import { makeCell, makeRun } from '../../fakes/stored-runs.ts';

/** What a run comes to whose time was up. */
function lateWith(records: Parameters<typeof resultOf>[1]['records']) {
  const run = makeRun({ status: 'timed-out' });
  return resultOf(run, { file: 'run.json', run, records, damaged: [] });
}

test('a run whose time was up before anything was measured is told of a longer one, and of nothing else', () => {
  const { exitCode, text, errors } = lateWith([]);
  expect(exitCode).toBe(4);
  expect(errors).toEqual([
    {
      code: 'timed-out',
      message: 'The time of the run was up before anything was measured.',
      hint: 'give it a longer --timeout.',
    },
  ]);
  expect(text.match(/Next: .*/g)).toEqual(['Next: give it a longer --timeout.']);
});

test('one that measured something goes on by the same command', () => {
  const { exitCode, text } = lateWith([{ file: 'a.json', record: makeCell() }]);
  expect(exitCode).toBe(4);
  expect(text.match(/Next: .*/g)).toEqual(['Next: the same command goes on with what is missing.']);
});
