import { expect, test } from 'vitest';
import type { CellRecord, GroupRecord } from '../../../results/schema.ts';
import { overallVerdict, speedUpOf, standGroup, type GroupStanding } from '../../../site/views/standings.ts';
import {
  makeCell,
  makeGroup,
  makeMetric,
  makeProfile,
  makeQuality,
  makeRun,
  makeTimed,
  makeTimedVariant,
  makeVariant,
  measuredQuality,
} from '../../fakes/stored-runs.ts';

const int8 = makeVariant({ name: 'int8-dynamic', isBaseline: false, sizeBytes: 38_085 });
const pruned = makeVariant({ name: 'prune-magnitude-50', isBaseline: false });
const unavailable = { status: 'skipped', code: 'unavailable', reason: 'no adapter' } as const;
const interval = { low: 0.73, high: 0.78, level: 0.95, method: 'signed-rank' };
const latency: NonNullable<GroupRecord['control']> = {
  ratio: 0.75,
  interval,
  margin: 0.05,
  verdict: 'improved',
  reason: '',
  p: 0.002,
  processes: 10,
  pairs: 240,
  minimumDetectableEffect: 0.011,
  isWithheld: false,
  evidence: null,
  noise: 0.008,
  cpuRatio: null,
};

function stand(group: GroupRecord | null, cells: readonly CellRecord[] = []): GroupStanding {
  const subject = (group ?? cells[0])?.subject;
  if (subject === undefined) throw new Error('nothing to stand');
  const run = makeRun();
  return standGroup({
    subject,
    group: group && { run, record: group },
    cells: new Map(cells.map((record) => [record.variant.name, { run, record }])),
  });
}

test('a speed-up is the inverse of the ratio of times, and its bounds change places', () => {
  const speedUp = speedUpOf(latency);
  expect(speedUp.value).toBeCloseTo(4 / 3, 12);
  expect(speedUp.interval?.low).toBeCloseTo(1 / 0.78, 12);
  expect(speedUp.interval?.high).toBeCloseTo(1 / 0.73, 12);
});

test('a ratio whose interval reaches zero has a speed-up without one', () => {
  expect(speedUpOf({ ratio: 0.5, interval: { ...interval, low: -0.1 } }).interval).toBeNull();
});

test('the baseline comes first, then the fastest, then what was not timed', () => {
  const variants = [
    makeTimedVariant({ variant: pruned, timed: unavailable }),
    makeTimedVariant({
      variant: { ...pruned, name: 'slow' },
      timed: makeTimed(makeProfile(3)),
    }),
    makeTimedVariant({ variant: int8, timed: makeTimed(makeProfile(1)) }),
    makeTimedVariant({
      variant: makeVariant(),
      timed: makeTimed(makeProfile(2)),
    }),
  ];
  const { standings } = stand(makeGroup({ variants }));
  expect(standings.map(({ variant }) => variant.name)).toEqual([
    'fp32',
    'int8-dynamic',
    'slow',
    'prune-magnitude-50',
  ]);
});

test('a size is given as a share of the baseline', () => {
  const variants = [makeTimedVariant({ variant: makeVariant() }), makeTimedVariant({ variant: int8 })];
  const { standings } = stand(makeGroup({ variants }));
  expect(standings.map(({ sizeRatio }) => sizeRatio)).toEqual([1, 0.25]);
});

test('what was not measured is null, with the reason', () => {
  const group = makeGroup({ variants: [makeTimedVariant({ variant: makeVariant(), timed: unavailable })] });
  const [standing] = stand(group, [makeCell({ outcome: unavailable })]).standings;
  expect(standing?.profile).toBeNull();
  expect(standing?.primary).toBeNull();
  expect(standing?.gaps).toEqual({
    quality: { status: 'skipped', reason: 'no adapter' },
    timing: { status: 'skipped', reason: 'no adapter' },
  });
});

test('a gap that all variants share is the gap of the group', () => {
  const variants = [makeVariant(), int8].map((variant) => makeTimedVariant({ variant, timed: unavailable }));
  const cells = [makeVariant(), int8].map((variant) => makeCell({ variant, outcome: unavailable }));
  expect(stand(makeGroup({ variants }), cells).gap).toEqual({ status: 'skipped', reason: 'no adapter' });
  expect(stand(makeGroup({ variants }), [makeCell()]).gap).toBeNull();
});

test('cells without a group stand by themselves', () => {
  const { standings } = stand(null, [makeCell({ variant: int8 }), makeCell()]);
  expect(standings.map(({ variant, primary }) => [variant.name, primary?.value])).toEqual([
    ['fp32', 0.9822],
    ['int8-dynamic', 0.9822],
  ]);
  expect(standings[0]?.gaps.timing?.status).toBe('not measured');
});

test('a failed control makes the timings of a group untrusted', () => {
  const warning = { code: 'control-failed', detail: '4 % slower', advice: 'again' } as const;
  expect(stand(makeGroup()).isTrusted).toBe(true);
  expect(stand(makeGroup({ warnings: [warning] })).isTrusted).toBe(false);
});

test('a warning of several records is told once', () => {
  const warning = { code: 'quick-form', detail: 'fewer processes', advice: 'run without --quick' } as const;
  expect(stand(makeGroup({ warnings: [warning] }), [makeCell({ warnings: [warning] })]).warnings).toEqual([
    warning,
  ]);
});

test.each([
  ['pass', 'pass', 'pass'],
  ['pass', 'improved', 'improved'],
  ['inconclusive', 'improved', 'inconclusive'],
  ['regressed', 'improved', 'regressed'],
  ['inconclusive', 'regressed', 'regressed'],
] as const)('quality %s and latency %s make %s', (quality, speed, overall) => {
  const verdicts = { quality: makeQuality({ verdict: quality }), latency: { ...latency, verdict: speed } };
  expect(overallVerdict(verdicts)).toBe(overall);
});

test('what was judged neither way has no verdict', () => {
  expect(overallVerdict({ quality: null, latency: null })).toBeNull();
});

test('a first metric without a value has no verdict beside it, though a further one was judged', () => {
  const quality = [makeQuality({ metric: 'f1-macro' })];
  const group = makeGroup({
    variants: [makeTimedVariant({ variant: makeVariant() }), makeTimedVariant({ variant: int8, quality })],
  });
  const lost = makeMetric({ value: null, reason: 'one class only', interval: null });
  const cell = makeCell({ variant: int8, outcome: measuredQuality([lost, makeMetric({ id: 'f1-macro' })]) });
  const [, standing] = stand(group, [cell]).standings;
  expect(standing?.primary?.value).toBeNull();
  expect(standing?.quality).toBeNull();
});
