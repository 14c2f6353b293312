import { expect, test } from 'vitest';
import { formatChanges } from '../../../cli/reporters/changes.ts';
import { wrap } from '../../../cli/reporters/wrap.ts';
import type { GroupRecord } from '../../../results/schema.ts';
import { changedGroup } from '../../fakes/changed-group.ts';
import { makeGroup, makeQuality, makeRun, makeTimedVariant, makeVariant } from '../../fakes/stored-runs.ts';

type JudgedVariant = GroupRecord['variants'][number];

function changesOf(group: GroupRecord): string {
  const records = [{ file: 'g.json', record: group }];
  return formatChanges({ file: 'run.json', run: makeRun(), records, damaged: [] });
}

function changesOfOne(changed: Partial<JudgedVariant>): string {
  const variant = makeVariant({ name: 'int8-dynamic', isBaseline: false });
  return changesOf(makeGroup({ variants: [makeTimedVariant({ variant, ...changed })] }));
}

test('a variant has two lines: the samples that flipped, then how far outputs moved and the worst slice', () => {
  const lines = changesOf(changedGroup).split('\n');
  expect(lines.slice(2, 6)).toEqual([
    '  digits-cnn on onnxruntime/cpu',
    '    int8-dynamic: 25 of 450 now wrong (s0, s1, s2, 22 more), 1 now right (9), 94.2 % alike',
    expect.stringMatching(
      /^ {6}KL 0\.000420 nats a sample; worst slice class 8: .* \(n=43\), pass; 1 slice of fewer than 10$/,
    ) as string,
    '      samples left aside',
  ]);
  expect(lines[6]).toMatch(/^ {2}More: assay compare \S+$/);
});

test('slices of a few samples are counted, and none of them is the worst', () => {
  const sliceOf = (samples: number): JudgedVariant['slices'][number] => ({
    slice: `a ${samples}`,
    samples,
    comparison: makeQuality({ difference: -1 / samples }),
  });
  const distance = { kind: 'tagging', changedTags: 0 } as const;
  const told = (...sizes: number[]): string =>
    changesOfOne({ slices: sizes.map(sliceOf), distance }).replace(/\s+/g, ' ');
  expect(told(1, 1, 43)).toMatch(
    /worst slice a 43: .* \(n=43\), pass; 2 slices of fewer than 10 samples left aside/,
  );
  expect(told(1)).toMatch(/; 1 slice of fewer than 10 samples left aside/);
});

test.each([
  [
    'values',
    { kind: 'regression', values: { mean: 0.5, rootMeanSquare: 1, max: 2 } },
    'values moved by 0.500 on average, 2.00 at most',
  ],
  [
    'scores',
    { kind: 'ranking', scores: { mean: 0.5, rootMeanSquare: 1, max: 2 } },
    'scores moved by 0.500 on average, 2.00 at most',
  ],
  ['tags', { kind: 'tagging', changedTags: 0.0123 }, '1.23 % of tags changed'],
  [
    'texts',
    {
      kind: 'generation',
      lossPerToken: { mean: 0.5, rootMeanSquare: 1, max: 2 },
      divergence: {
        ...{
          klDivergence: 0.012,
          interval: { low: 0.01, high: 0.014, level: 0.95, method: 't' },
          reason: null,
        },
        ...{ percentile99: null, max: 1, sameLikeliest: 0.987, positions: 50, samples: 9 },
      },
      divergenceReason: null,
    },
    'KL 0.0120 (0.0100–0.0140) nats a token over 50 tokens of 9 samples, 98.7 % the\n      same likeliest token',
  ],
] as const)('how far %s moved is told in their terms', (_, distance, told) => {
  expect(changesOfOne({ distance })).toContain(`    int8-dynamic: ${told}\n`);
});

test('a divergence far below a thousandth is not written as 0', () => {
  const probabilities = { mean: 1e-5, rootMeanSquare: 1e-5, max: 1e-4 };
  const distance = { kind: 'classification', probabilities, klDivergence: 3.21e-8 } as const;
  expect(changesOfOne({ distance })).toContain('KL 3.2e-8 nats a sample');
});

test('what cannot be told has its reason, and nothing stands where nothing was compared', () => {
  const distanceReason = 'Outputs of the variant are not finite for sample "7".';
  const told = 'int8-dynamic: distance unknown: Outputs of the variant are not finite for sample "7"\n';
  expect(changesOfOne({ distanceReason })).toContain(told);
  const large = {
    kind: 'generation',
    lossPerToken: { mean: 0.5, rootMeanSquare: 1, max: 2 },
    divergence: null,
    divergenceReason: 'The vocabulary is large.',
  } as const;
  expect(changesOfOne({ distance: large }).replaceAll(/\s+/g, ' ')).toContain(
    'KL unknown: The vocabulary is large ',
  );
  expect(changesOfOne({})).toBe('');
});

test('lines fit the terminal, but for a word that is longer', () => {
  expect(wrap('  one two three', '    ', 10)).toBe('  one two\n    three\n');
  expect(wrap('abcdefghijkl m', '  ', 10)).toBe('abcdefghijkl\n  m\n');
});
