import { expect, test } from 'vitest';
import type { Margin } from '../../results/policy.ts';
import { judgeQuality } from '../../runners/judge-quality.ts';
import { planSuites } from '../../runners/plan.ts';
import type { PreparedCell, PreparedGroup } from '../../runners/prepare-cells.ts';
import { openDataset } from '../../datasets/open.ts';
import { loadSuites } from '../../suites/load.ts';
import type { Suite } from '../../suites/schema.ts';
import type { ClassificationPredictions } from '../../tasks/predictions.ts';
import { manifestOf } from '../datasets/manifest-folder.ts';
import { columnsInput } from './evaluate/evaluation.ts';

/** The tumours' first group with another tolerated loss; nothing of it is built. */
async function groupWith(maxDrop: Margin): Promise<PreparedGroup> {
  const [planned] = await planSuites(await loadSuites(['tumour-diagnosis']));
  const [group] = planned?.groups ?? [];
  if (planned === undefined || group === undefined) throw new Error('nothing is planned');
  const { suite } = planned.loaded;
  const changed = { ...suite, metrics: ['accuracy', 'log-loss'], policy: { ...suite.policy, maxDrop } };
  const cells = group.cells.slice(0, 2).map((job, index): PreparedCell => {
    const unbuilt = { sha256: null, sizeBytes: null, gzipBytes: null, passes: [] };
    const plan = { status: 'skipped', code: 'unavailable', reason: 'nothing runs here' } as const;
    return { job, variant: { ...unbuilt, name: job.variant, isBaseline: index === 0 }, plan };
  });
  return { planned: { ...planned, loaded: { ...planned.loaded, suite: changed } }, group, cells };
}

/** Four samples of two classes, all predicted rightly, with so much certainty. */
function predictionsOf(certainty: number): ClassificationPredictions {
  const probabilities = [0, 1, 0, 1].flatMap((label) =>
    label === 0 ? [certainty, 1 - certainty] : [1 - certainty, certainty],
  );
  return {
    kind: 'classification',
    ids: ['a', 'b', 'c', 'd'],
    labels: ['benign', 'malignant'],
    expected: Int32Array.of(0, 1, 0, 1),
    predicted: Int32Array.of(0, 1, 0, 1),
    probabilities: Float64Array.from(probabilities),
  };
}

function judge(group: PreparedGroup): ReturnType<typeof judgeQuality> {
  const predictions = new Map(
    group.cells.map(({ job }, index) => [
      job.id,
      { predictions: predictionsOf(0.9 - index / 10), sha256: '0'.repeat(64) },
    ]),
  );
  return judgeQuality(group, predictions);
}

async function judgedBy(maxDrop: Margin): Promise<string[]> {
  const judged = judge(await groupWith(maxDrop));
  return [...judged.values()].flatMap(({ quality }) => quality.map(({ metric }) => metric));
}

test('a column called class is sliced by beside the classes, under a name of its own', async () => {
  const classes = ['p', 'q'].map((value) => ({ value, label: value }));
  const target = { kind: 'class', column: 'y', classes };
  const split = { seed: 1, testShare: 1, stratify: false };
  const csv = 'a,y,class\n1,p,first\n2,q,first\n3,p,second\n4,q,first\n';
  const file = await manifestOf(csv, { ...columnsInput('a'), target, split });
  const group = await groupWith({ kind: 'absolute', value: 0.02 });
  const { loaded } = group.planned;
  const suite: Suite = { ...loaded.suite, slices: ['class', { column: 'class' }] };
  const dataset = await openDataset(file, ['class']);
  const judged = judge({ ...group, planned: { ...group.planned, dataset, loaded: { ...loaded, suite } } });
  const slices = [...judged.values()].flatMap((one) => one.slices);
  expect(slices.map(({ slice, samples }) => `${slice}: ${samples}`).sort()).toEqual([
    'class benign: 2',
    'class malignant: 2',
    'column class first: 3',
    'column class second: 1',
  ]);
});

test.each([
  { kind: 'absolute', value: 0.02 },
  { kind: 'errors', value: 1 },
] as const)('a margin of the kind $kind is one of the first metric and judges no other', async (margin) => {
  expect(await judgedBy(margin)).toEqual(['accuracy']);
});

test.each([
  { kind: 'relative', value: 0.02 },
  { kind: 'mlperf', keep: '99%' },
] as const)('a margin of the kind $kind is a share and judges every metric', async (margin) => {
  expect(await judgedBy(margin)).toEqual(['accuracy', 'log-loss']);
});
