import { expect, test } from 'vitest';
import { formatFailures } from '../../../cli/reporters/verdict-table.ts';
import type { StoredRun } from '../../../results/read-runs.ts';
import { makeCell, makeRun } from '../../fakes/stored-runs.ts';

function failedWith(stderrTail: string | null): StoredRun {
  const outcome = {
    status: 'failed',
    code: 'crashed',
    reason: 'ended by signal SIGSEGV',
    stderrTail,
  } as const;
  return { file: 'run.json', run: makeRun(), records: [{ file: 'a.json', record: makeCell({ outcome }) }] };
}

test('what failed ends with the last line its process said', () => {
  const lines = formatFailures(failedWith('loading\n\u001B[31mout of registers\u001B[0m\n'))
    .trim()
    .split('\n');
  expect(lines.slice(0, 2)).toEqual(['Failed', expect.stringMatching(/^SUITE .* REASON$/)]);
  expect(lines[2]).toMatch(/ quality +ended by signal SIGSEGV; stderr ends with: out of registers$/);
});

test('a process that said nothing leaves the reason alone', () => {
  expect(formatFailures(failedWith(null))).toMatch(/ended by signal SIGSEGV\n$/);
});

test('a run where nothing failed has no such table', () => {
  expect(formatFailures({ ...failedWith(null), records: [] })).toBe('');
});
