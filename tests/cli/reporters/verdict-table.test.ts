import { expect, test } from 'vitest';
import { formatFailures, formatVerdicts } from '../../../cli/reporters/verdict-table.ts';
import type { StoredRun } from '../../../results/read-runs.ts';
import {
  makeCell,
  makeGroup,
  makeProfile,
  makeQuality,
  makeRun,
  makeTimed,
  makeTimedVariant,
  makeVariant,
} from '../../fakes/stored-runs.ts';

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

test("a verdict stands beside McNemar's p, and an open one beside the samples it would take", () => {
  const equality = { name: 'mcnemar', p: 0.041389, midP: 0.026604 } as const;
  const open = makeQuality({ verdict: 'inconclusive', neededSamples: 1300, equality });
  const variants = [
    makeTimedVariant({ variant: makeVariant(), timed: makeTimed(makeProfile(1)) }),
    makeTimedVariant({
      variant: makeVariant({ name: 'int8-dynamic', isBaseline: false }),
      timed: makeTimed(makeProfile(1)),
      quality: [open],
    }),
  ];
  const records = [{ file: 'g.json', record: makeGroup({ variants }) }];
  const text = formatVerdicts({ file: 'run.json', run: makeRun(), records });
  expect(text).toMatch(/ P +/);
  expect(text).toMatch(/int8-dynamic .* 0.041 \(mid 0.027\) +inconclusive, 1300 more samples/);
});

test('weights that are small in the file alone are labelled beside their size', () => {
  const advice = [
    { code: 'storage-only', detail: 'the weights are expanded', action: 'expect no speed' },
  ] as const;
  const timed = makeTimed(makeProfile(1));
  const variants = [
    makeTimedVariant({ variant: makeVariant(), timed }),
    makeTimedVariant({
      variant: makeVariant({ name: 'uint8-storage', isBaseline: false, sizeBytes: 38_000 }),
      timed,
      advice: [...advice],
    }),
  ];
  const records = [{ file: 'g.json', record: makeGroup({ variants }) }];
  const text = formatVerdicts({ file: 'run.json', run: makeRun(), records });
  expect(text).toMatch(/fp32 .* 152 kB$/m);
  expect(text).toMatch(/uint8-storage .* 38.0 kB, storage only$/m);
});
