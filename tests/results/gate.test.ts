import { expect, test } from 'vitest';
import { sha256 } from '../../core/hash.ts';
import { gateRun } from '../../results/gate.ts';
import type { LatencyComparison } from '../../results/latency-schema.ts';
import type { QualityComparison } from '../../results/quality-schema.ts';
import type { GroupRecord, StoredRecord } from '../../results/schema.ts';
import { latencyComparison } from '../fakes/latency-comparison.ts';
import {
  makeCell,
  makeGroup,
  makeMetric,
  makeProfile,
  makeQuality,
  makeRun,
  makeSubject,
  makeTimed,
  makeTimedVariant,
  makeVariant,
  measuredQuality,
} from '../fakes/stored-runs.ts';
import { makeScenario, singleStream } from '../fakes/stored-scenarios.ts';

interface Judged {
  quality?: QualityComparison['verdict'];
  /** Time of the variant over that of the baseline. */
  ratio?: number;
  minSpeedup?: number;
}

function latencyAt(ratio: number): LatencyComparison {
  const processes = Array.from({ length: 10 }, (_, index) => ({
    baseline: [1],
    variant: [ratio * (1 + index * 1e-4)],
  }));
  const compared = latencyComparison(processes);
  if (compared === null) throw new Error('nothing to compare');
  return compared;
}

function groupWith({ quality = 'pass', ratio = 1, minSpeedup }: Judged): GroupRecord {
  const timed = makeTimed(makeProfile(1));
  const variant = makeVariant({ name: 'int8-dynamic', isBaseline: false });
  return makeGroup({
    policy: {
      maxDrop: { kind: 'absolute', value: 0.01 },
      maxSlowdown: 0.05,
      minSpeedup: minSpeedup ?? null,
      alpha: 0.05,
      falseAlarms: 0.01,
    },
    variants: [
      makeTimedVariant({ variant: makeVariant(), timed }),
      makeTimedVariant({
        variant,
        timed,
        quality: [makeQuality({ verdict: quality, reason: `judged ${quality}` })],
        latency: latencyAt(ratio),
      }),
    ],
  });
}

function gate(records: readonly StoredRecord[], planned = records.length): ReturnType<typeof gateRun> {
  const groups = records.filter(({ kind }) => kind === 'group').length;
  return gateRun(makeRun({ planned: { cells: planned - groups, groups, scenarios: 0 } }), records);
}

test.each<[string, Judged, string]>([
  ['everything holds', {}, 'pass'],
  ['quality regressed', { quality: 'regressed' }, 'failed'],
  ['quality is inconclusive', { quality: 'inconclusive' }, 'inconclusive'],
  ['it is 20 % slower', { ratio: 1.2 }, 'failed'],
  ['it is faster, and quality regressed', { quality: 'regressed', ratio: 0.5 }, 'failed'],
  ['it is as fast as the policy asks', { ratio: 0.5, minSpeedup: 1.9 }, 'pass'],
  ['it is faster, but not as fast as the policy asks', { ratio: 0.5, minSpeedup: 3 }, 'failed'],
])('where %s, the gate says %3$s', (_, judged, outcome) => {
  expect(gate([groupWith(judged)]).outcome).toBe(outcome);
});

test('a finding names suite, model, variant and target, and the reason', () => {
  const [finding] = gate([groupWith({ quality: 'regressed' })]).findings;
  expect(finding?.subject).toBe('handwritten-digits digits-cnn int8-dynamic on onnxruntime/cpu');
  expect(finding?.reason).toBe('judged regressed');
});

test('a finding on quality that is open tells how many further samples would decide', () => {
  const group = groupWith({ quality: 'inconclusive' });
  const variants = group.variants.map((one) => ({
    ...one,
    quality: one.quality.map((judged) => ({ ...judged, neededSamples: 1300 })),
  }));
  const [finding] = gate([{ ...group, variants }]).findings;
  expect(finding?.reason).toBe('judged inconclusive About 1300 further samples would decide.');
});

test('a record that was planned and is missing keeps the gate from passing', () => {
  const result = gate([groupWith({})], 2);
  expect(result.outcome).toBe('incomplete');
  expect(result.findings[0]?.reason).toContain('1 of 2 planned records');
});

test('a failed cell keeps the gate from passing, a skipped one does not', () => {
  const failed = makeCell({
    outcome: { status: 'failed', code: 'timeout', reason: 'too slow', stderrTail: null },
  });
  const skipped = makeCell({ outcome: { status: 'skipped', code: 'unavailable', reason: 'no GPU' } });
  expect(gate([failed, groupWith({})]).outcome).toBe('incomplete');
  expect(gate([skipped, groupWith({})]).outcome).toBe('pass');
});

test('a run of which nothing was compared does not pass, and the gate tells what was skipped', () => {
  const variants = [makeVariant(), makeVariant({ name: 'int8-dynamic', isBaseline: false })] as const;
  const alone = makeGroup({ variants: variants.map((variant) => makeTimedVariant({ variant })) });
  const outcome = { status: 'skipped', code: 'not-applicable', reason: 'there is no MatMul' } as const;
  const skipped = makeCell({ variant: variants[1], outcome });
  const reasonOf = (records: readonly StoredRecord[]) => {
    const { outcome: level, findings } = gate(records);
    return [level, ...findings.map(({ reason }) => reason)];
  };
  expect(reasonOf([makeCell(), alone])).toEqual([
    'incomplete',
    'nothing was compared; no variant stands beside a baseline',
  ]);
  expect(reasonOf([makeCell(), skipped, alone])).toEqual([
    'incomplete',
    'nothing was compared; handwritten-digits digits-cnn int8-dynamic on onnxruntime/cpu was skipped: there is no MatMul',
  ]);
});

test('a suite of which nothing was compared does not pass beside another that holds, and is named', () => {
  const subject = makeSubject({ suite: { id: 'cars', title: 'Cars', hash: sha256('cars') } });
  const outcome = { status: 'skipped', code: 'unavailable', reason: 'no GPU' } as const;
  const load = { ...makeScenario(singleStream(9)), subject };
  const scenario: StoredRecord = { ...load, outcome };
  const { outcome: level, findings } = gate([groupWith({}), makeCell({ subject, outcome }), scenario]);
  expect([level, findings]).toEqual([
    'incomplete',
    [
      {
        level: 'incomplete',
        subject: 'cars',
        reason: 'nothing was compared; cars digits-cnn fp32 on onnxruntime/cpu was skipped: no GPU',
      },
    ],
  ]);
  // What a scenario measured is held against nothing, and is there.
  expect(gate([groupWith({}), load]).outcome).toBe('pass');
});

test.each([
  ['relative', ['accuracy, f1-macro', 'auc']],
  ['absolute', ['accuracy']],
] as const)(
  'where the margin is %s, metrics that it judges and the baseline has no value of are told once for each reason',
  (kind, told) => {
    const without = (id: string, reason: string) => makeMetric({ id, value: null, reason, interval: null });
    const metrics = [
      without('accuracy', 'no samples'),
      without('f1-macro', 'no samples'),
      without('auc', 'one class'),
    ];
    const variants = [makeVariant(), makeVariant({ name: 'int8-dynamic', isBaseline: false })];
    const cells = variants.map((variant) => makeCell({ variant, outcome: measuredQuality(metrics) }));
    const group = groupWith({});
    const policy = { ...group.policy, maxDrop: { kind, value: 0.01 } };
    const timedAlone = group.variants.map((one) => ({ ...one, quality: [] }));
    const { outcome, findings } = gate([...cells, { ...group, policy, variants: timedAlone }]);
    expect(outcome).toBe('incomplete');
    expect(findings.map(({ subject }) => subject)).toEqual(
      told.map(() => 'handwritten-digits digits-cnn fp32 on onnxruntime/cpu'),
    );
    expect(findings.map(({ reason }) => reason)).toEqual(
      told.map(
        (ids) =>
          `the baseline has no value of ${ids} to judge variants by: ${ids === 'auc' ? 'one class' : 'no samples'}`,
      ),
    );
  },
);

test('a regression outweighs what is missing', () => {
  expect(gate([groupWith({ quality: 'regressed' })], 5).outcome).toBe('failed');
});

/** A second metric that is judged so, beside a first one that passes. */
function withSecond(verdict: QualityComparison['verdict'], maxDrop: GroupRecord['policy']['maxDrop']) {
  const group = groupWith({});
  const second = makeQuality({
    metric: 'f1-macro',
    label: 'F1 (macro)',
    verdict,
    reason: `judged ${verdict}`,
  });
  const variants = group.variants.map((variant) => ({
    ...variant,
    quality: variant.quality.flatMap((first) => [first, second]),
  }));
  return { ...group, policy: { ...group.policy, maxDrop }, variants };
}

test.each<[GroupRecord['policy']['maxDrop'], QualityComparison['verdict'], string]>([
  [{ kind: 'relative', value: 0.01 }, 'regressed', 'failed'],
  [{ kind: 'mlperf', keep: '99%' }, 'regressed', 'failed'],
  [{ kind: 'relative', value: 0.01 }, 'inconclusive', 'pass'],
  [{ kind: 'absolute', value: 0.01 }, 'regressed', 'pass'],
  [{ kind: 'errors', value: 3 }, 'regressed', 'pass'],
])('where the margin is %o and a second metric %s, the gate says %s', (maxDrop, verdict, outcome) => {
  expect(gate([withSecond(verdict, maxDrop)]).outcome).toBe(outcome);
});

test('a finding on a further metric names it', () => {
  const { findings } = gate([withSecond('regressed', { kind: 'relative', value: 0.01 })]);
  expect(findings.map(({ reason }) => reason)).toEqual(['F1 (macro): judged regressed']);
});

test('a variant that was evaluated, but whose metric is undefined, keeps the gate from passing, with the reason', () => {
  const variant = makeVariant({ name: 'int8-dynamic', isBaseline: false });
  const reason = 'prediction of sample 4 is NaN';
  const cell = makeCell({
    variant,
    outcome: measuredQuality([makeMetric({ value: null, reason, interval: null })]),
  });
  const group = groupWith({});
  const other = makeQuality({ metric: 'f1-macro', verdict: 'pass' });
  const variants = group.variants.map((one) => ({ ...one, quality: [other] }));
  const result = gate([cell, { ...group, variants }]);
  expect(result.outcome).toBe('incomplete');
  expect(result.findings[0]?.reason).toBe(`accuracy could not be compared with the baseline: ${reason}`);
});

test.each([
  ['relative', 'incomplete'],
  ['absolute', 'pass'],
] as const)(
  'where the margin is %s, a further metric that the variant alone has no value of is %s',
  (kind, outcome) => {
    const variant = makeVariant({ name: 'int8-dynamic', isBaseline: false });
    const lost = makeMetric({ id: 'f1-macro', value: null, reason: 'no class has samples', interval: null });
    const cells = [
      makeCell({ outcome: measuredQuality([makeMetric(), makeMetric({ id: 'f1-macro' })]) }),
      makeCell({ variant, outcome: measuredQuality([makeMetric(), lost]) }),
    ];
    const group = groupWith({});
    const policy = { ...group.policy, maxDrop: { kind, value: 0.01 } };
    const result = gate([...cells, { ...group, policy }]);
    expect(result.outcome).toBe(outcome);
    const reasons = result.findings.map(({ reason }) => reason);
    expect(reasons).toEqual(
      outcome === 'pass' ? [] : ['f1-macro could not be compared with the baseline: no class has samples'],
    );
  },
);

test('a speed-up that was withheld neither fails nor clears the gate', () => {
  const group = groupWith({ ratio: 0.5, minSpeedup: 3 });
  const variants = group.variants.map((one) => ({
    ...one,
    latency: one.latency && { ...one.latency, verdict: 'inconclusive' as const, isWithheld: true },
  }));
  expect(gate([{ ...group, variants }]).outcome).toBe('inconclusive');
});
