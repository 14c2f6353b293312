import { expect, test } from 'vitest';
import type { QualityComparison } from '../../../results/quality-schema.ts';
import type { GroupRecord } from '../../../results/schema.ts';
import type { Warning } from '../../../results/warning-schema.ts';
import { headlineOf } from '../../../site/views/headline.ts';
import { standGroup, type GroupStanding } from '../../../site/views/standings.ts';
import {
  makeCell,
  makeGroup,
  makeQuality,
  makeRun,
  makeTimedVariant,
  makeVariant,
} from '../../fakes/stored-runs.ts';

type Latency = NonNullable<GroupRecord['control']>;

function latencyOf(ratio: number, verdict: Latency['verdict']): Latency {
  const interval = { low: ratio * 0.98, high: ratio * 1.02, level: 0.95, method: 'signed-rank' };
  const evidence = { p: 0.002, processes: 10, pairs: 240, minimumDetectableEffect: 0.011 };
  const unknown = { isWithheld: false, evidence: null, noise: 0.008, cpuRatio: null };
  return { ratio, interval, margin: 0.05, verdict, reason: '', ...evidence, ...unknown };
}

interface Judged {
  name: string;
  latency: Latency | null;
  quality: QualityComparison | null;
  sizeBytes?: number;
}

function groupOf(judged: readonly Judged[], warnings: Warning[] = []): GroupStanding {
  const variants = judged.map(({ name, latency, quality, sizeBytes = 152_340 }) =>
    makeTimedVariant({
      variant: makeVariant({ name, isBaseline: false, sizeBytes }),
      latency,
      quality: quality === null ? [] : [quality],
    }),
  );
  const record = makeGroup({
    variants: [makeTimedVariant({ variant: makeVariant() }), ...variants],
    warnings,
  });
  return standGroup({ subject: record.subject, group: { run: makeRun(), record }, cells: new Map() });
}

function sentence(groups: readonly GroupStanding[]): string {
  return headlineOf(groups)
    .answer.map(({ text }) => text)
    .join('');
}

const faster = { name: 'int8-dynamic', latency: latencyOf(0.75, 'improved'), quality: makeQuality() };

test('the fastest variant whose quality holds is the answer', () => {
  const evenFaster = {
    name: 'int4',
    latency: latencyOf(0.4, 'improved'),
    quality: makeQuality({ verdict: 'regressed' }),
  };
  expect(sentence([groupOf([evenFaster, faster])])).toBe(
    'int8-dynamic runs digits-cnn 1.33× as fast as fp32 (1.31–1.36) on onnxruntime/cpu at \u22120.0022 accuracy.',
  );
});

test('speed that costs more quality than allowed is said to', () => {
  const quality = makeQuality({ verdict: 'regressed', difference: -0.05, interval: null });
  expect(sentence([groupOf([{ ...faster, quality }])])).toMatch(
    /, but its accuracy regressed \(\u22120\.050\)\.$/,
  );
});

test('speed whose cost is not known is said to be so', () => {
  expect(sentence([groupOf([{ ...faster, quality: makeQuality({ verdict: 'inconclusive' }) }])])).toMatch(
    /; whether its accuracy holds is inconclusive\.$/,
  );
  expect(sentence([groupOf([{ ...faster, quality: null }])])).toMatch(/; its quality was not judged\.$/);
});

test('a smaller variant is the answer where none is faster', () => {
  const smaller = { name: 'int8', latency: latencyOf(1, 'pass'), quality: makeQuality(), sizeBytes: 38_085 };
  expect(sentence([groupOf([smaller])])).toBe(
    'No variant is both faster and as good; int8 makes digits-cnn 4.00× smaller at the same speed on onnxruntime/cpu at \u22120.0022 accuracy.',
  );
});

test('no gain is said to be none', () => {
  const same = { name: 'prune', latency: latencyOf(1, 'pass'), quality: makeQuality() };
  expect(sentence([groupOf([same])])).toBe('No variant is decidedly faster than its baseline.');
});

test('a group whose control failed has no say, and is counted apart', () => {
  const warning = { code: 'control-failed', detail: '', advice: '' } as const;
  const groups = [groupOf([faster], [warning])];
  expect(sentence(groups)).toBe('Nothing could be measured.');
  expect(headlineOf(groups).rest).toContain('1 timing with a failed control is not counted.');
});

test('a report without comparisons tells the quality that was reached', () => {
  const record = makeCell();
  const cells = new Map([['fp32', { run: makeRun(), record }]]);
  expect(sentence([standGroup({ subject: record.subject, group: null, cells })])).toBe(
    'digits-cnn reaches Accuracy 0.982 on onnxruntime/cpu; no variant was compared with its baseline.',
  );
});

test('the second sentence counts what regressed and what is not decided', () => {
  const slower = {
    name: 'slow',
    latency: latencyOf(1.2, 'regressed'),
    quality: makeQuality({ verdict: 'inconclusive' }),
  };
  const { rest } = headlineOf([groupOf([faster, slower])]);
  expect(rest).toMatch(/^1 of 4 comparisons regressed\. 1 is inconclusive\./);
});

test('a report in which nothing regressed says so', () => {
  expect(headlineOf([groupOf([faster])]).rest).toMatch(/^Nothing regressed in 2 comparisons\./);
});

test('quick figures are called a first look', () => {
  const record = makeGroup();
  const group = { run: makeRun({ form: 'quick' }), record };
  const { rest } = headlineOf([standGroup({ subject: record.subject, group, cells: new Map() })]);
  expect(rest).toContain('for a first look only');
});
