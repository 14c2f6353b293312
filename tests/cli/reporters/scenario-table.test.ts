import { expect, test } from 'vitest';
import { formatScenarios } from '../../../cli/reporters/scenario-table.ts';
import type { StoredRecord } from '../../../results/schema.ts';
import { makeCell, makeRun } from '../../fakes/stored-runs.ts';
import { makeScenarios } from '../../fakes/stored-scenarios.ts';

const stored = {
  file: 'run.json',
  run: makeRun(),
  records: makeScenarios().map((record) => ({ file: 'record.json', record })),
  damaged: [],
};

test('every scenario that was measured is one line, and why it does not count stands below', () => {
  const [title, headings, ...lines] = formatScenarios(stored).trim().split('\n');
  expect([title, headings?.split(/\s{2,}/)]).toEqual([
    'Scenarios',
    ['SCENARIO', 'MODEL', 'TARGET', 'VARIANT', 'FOUND', 'VALID'],
  ]);
  expect(lines.slice(0, lines.indexOf(''))).toHaveLength(7);
  expect(lines).toContainEqual(expect.stringMatching(/^server .* fp32 .*1000 queries\/s: p99 within .* no$/));
  expect(lines).toContainEqual(expect.stringMatching(/^thread-sweep .* fp32 .* yes$/));
  expect(lines).toContain('  offline of fp32: it lasted 5 s; MLPerf asks for 600 s (and 1 more)');
});

test('a run without scenarios has no such table', () => {
  expect(formatScenarios({ ...stored, records: [] })).toBe('');
});

test('scenarios that were skipped are told with the reason, but for those of cells that were skipped themselves', () => {
  const skipped = { status: 'skipped', code: 'not-applicable', reason: 'its threads are fixed' } as const;
  const [first] = makeScenarios();
  if (first === undefined) throw new Error('no scenario');
  const scenario = { ...first, outcome: skipped };
  const told = (cell: StoredRecord): string =>
    formatScenarios({ ...stored, records: [cell, scenario].map((record) => ({ file: 'r.json', record })) });
  const { variant, subject } = first;
  expect(told(makeCell({ variant, subject }))).toBe(
    `\nScenarios skipped\n  digits-cnn ${variant.name} on onnxruntime/cpu: ${first.scenario}: its threads are fixed\n`,
  );
  expect(told(makeCell({ variant, subject, outcome: skipped }))).toBe('');
});
