import { expect, test } from 'vitest';
import { failuresOf, formatFailures } from '../../../cli/reporters/failures.ts';
import type { FiledRecord } from '../../../results/read-runs.ts';
import type { StoredRecord } from '../../../results/schema.ts';
import { makeCell, makeGroup, makeTimedVariant, makeVariant } from '../../fakes/stored-runs.ts';

const crashed = { status: 'failed', code: 'crashed', reason: 'ended by signal SIGSEGV' } as const;

function filed(...records: StoredRecord[]): { records: FiledRecord[] } {
  return { records: records.map((record) => ({ file: `${record.id}.json`, record })) };
}

function failedWith(stderrTail: string | null): { records: FiledRecord[] } {
  return filed(makeCell({ outcome: { ...crashed, stderrTail } }));
}

test('each step that failed tells its cell, the kind of its outcome, the reason and the end of stderr', () => {
  const late = { status: 'failed', code: 'timeout', reason: 'no result', stderrTail: null } as const;
  const group = makeGroup({
    variants: [
      makeTimedVariant({ variant: makeVariant() }),
      makeTimedVariant({ variant: makeVariant({ name: 'int8-dynamic', isBaseline: false }), timed: late }),
    ],
  });
  const cell = makeCell({ outcome: { ...crashed, stderrTail: 'bad' } });
  const where = { suite: 'handwritten-digits', model: 'digits-cnn', target: 'onnxruntime/cpu', hint: null };
  expect(failuresOf(filed(makeCell(), cell, group))).toEqual([
    {
      ...where,
      ...{ code: 'crashed', message: crashed.reason, variant: 'fp32', step: 'quality', stderrTail: 'bad' },
    },
    {
      ...where,
      ...{ code: 'timeout', message: 'no result', variant: 'int8-dynamic', step: 'timing', stderrTail: null },
    },
  ]);
});

test('what failed ends with the last line its process said', () => {
  const lines = formatFailures(failuresOf(failedWith('loading\n\u001B[31mout of registers\u001B[0m\n')))
    .trim()
    .split('\n');
  expect(lines.slice(0, 2)).toEqual(['Failed', expect.stringMatching(/^SUITE .* REASON$/)]);
  expect(lines[2]).toMatch(/ quality +ended by signal SIGSEGV; stderr ends with: out of registers$/);
});

test('a process that said nothing leaves the reason alone', () => {
  expect(formatFailures(failuresOf(failedWith(null)))).toMatch(/ended by signal SIGSEGV\n$/);
});

test('a run where nothing failed has no such table', () => {
  expect(formatFailures(failuresOf(filed(makeCell())))).toBe('');
});

test('failures are told by model, then by variant as the suite has them, whatever the names of their files', () => {
  const fail = (model: string, name: string): StoredRecord => {
    const { subject } = makeCell();
    return makeCell({
      subject: { ...subject, model: { ...subject.model, id: model } },
      variant: makeVariant({ name, isBaseline: name === 'fp32' }),
      outcome: { ...crashed, stderrTail: null },
    });
  };
  const { subject } = makeCell();
  const named = ['fp32', 'int8-static', 'int8-dynamic'];
  const skipped = { status: 'skipped', code: 'not-evaluated', reason: 'quality failed' } as const;
  const group = makeGroup({
    subject: { ...subject, model: { ...subject.model, id: 'a' } },
    variants: named.map((name) =>
      makeTimedVariant({ variant: makeVariant({ name, isBaseline: name === 'fp32' }), timed: skipped }),
    ),
  });
  const cells = [
    fail('b', 'fp32'),
    fail('a', 'int8-dynamic'),
    group,
    fail('a', 'int8-static'),
    fail('a', 'fp32'),
  ];
  expect(failuresOf(filed(...cells)).map(({ model, variant }) => `${model} ${variant}`)).toEqual([
    'a fp32',
    'a int8-static',
    'a int8-dynamic',
    'b fp32',
  ]);
});
