import { expect, test } from 'vitest';
import { comparisonTable, type ComparisonTable } from '../../../site/views/comparison-table.ts';
import { makeReport } from '../../../site/views/report.ts';
import { standGroup } from '../../../site/views/standings.ts';
import { latencyComparison } from '../../fakes/latency-comparison.ts';
import {
  makeGroup,
  makeProfile,
  makeRun,
  makeTimed,
  makeTimedVariant,
  makeVariant,
} from '../../fakes/stored-runs.ts';
import { sampleRuns } from '../sample-runs.ts';

async function tableOf(suiteId: string): Promise<ComparisonTable> {
  const { suites } = makeReport(await sampleRuns());
  const model = suites.find(({ id }) => id === suiteId)?.models[0];
  if (model === undefined) throw new Error(`no suite ${suiteId}`);
  return comparisonTable(model.groups);
}

test('each target leads with its baseline, which is compared with nothing', async () => {
  const { targets } = await tableOf('handwritten-digits');
  for (const { rows } of targets) {
    expect(rows[0]).toMatchObject({ variant: 'fp32', isBaseline: true, difference: null, speedUp: null });
  }
});

test('a variant has its figures, their intervals and verdicts', async () => {
  const table = await tableOf('handwritten-digits');
  const cpu = table.targets.find(({ target }) => target === 'onnxruntime/cpu');
  const int8 = cpu?.rows.find(({ variant }) => variant === 'int8-dynamic');
  expect(table).toMatchObject({ metric: 'Accuracy', direction: 'higher-is-better', timeUnit: 'µs' });
  expect(int8).toMatchObject({
    quality: { value: '0.9793', range: '0.9668–0.9896' },
    difference: { value: '\u22120.0029', range: '\u22120.0137 to +0.0061', mark: 'pass' },
    latency: '85.6',
    speedUp: { value: '1.320×', mark: 'improved' },
    size: '44.2 kB',
    sizeRatio: '0.29×',
  });
});

test('a target that nothing could use is one gap', async () => {
  const { targets } = await tableOf('handwritten-digits');
  expect(targets.map(({ target, gap }) => [target, gap?.reason ?? null])).toEqual([
    ['onnxruntime/cpu', null],
    ['onnxruntime/webgpu', 'no WebGPU adapter was found on this machine'],
    ['tfjs/wasm', null],
  ]);
});

test('a skipped or failed variant keeps its row and its reason', async () => {
  const { targets } = await tableOf('handwritten-digits');
  const rows = targets.find(({ target }) => target === 'tfjs/wasm')?.rows ?? [];
  expect(rows.map(({ variant, gaps }) => [variant, gaps.timing?.status ?? 'measured'])).toEqual([
    ['fp32', 'measured'],
    ['prune-magnitude-50', 'measured'],
    ['int8-dynamic', 'skipped'],
    ['prune-channels-50+int8-dynamic', 'failed'],
  ]);
});

test('a failed control is noted at its target', async () => {
  const { targets } = await tableOf('tumour-diagnosis');
  expect(targets.find(({ target }) => target === 'tfjs/wasm')?.notes).toEqual([
    'control failed: timings not to be relied on',
  ]);
});

test('what was advised about a variant stands beside its name', async () => {
  const { targets } = await tableOf('handwritten-digits');
  const rows = targets.find(({ target }) => target === 'onnxruntime/cpu')?.rows ?? [];
  expect(
    rows.filter(({ advice }) => advice.length > 0).map(({ variant, advice }) => [variant, advice]),
  ).toEqual([['prune-magnitude-50', ['zeros on dense kernels']]]);
});

test.each([
  [2, []],
  [3, ['latency sampled at another load: int8-dynamic']],
])(
  'beside a baseline of 2 ms, one of %d ms that the pairs say is as fast has the notes %j',
  (p50Ms, notes) => {
    const pairs = Array.from({ length: 10 }, () => ({ baseline: [1, 1], variant: [1, 1] }));
    const record = makeGroup({
      variants: [
        makeTimedVariant({ variant: makeVariant(), timed: makeTimed(makeProfile(2)) }),
        makeTimedVariant({
          variant: makeVariant({ name: 'int8-dynamic', isBaseline: false }),
          timed: makeTimed(makeProfile(p50Ms)),
          latency: latencyComparison(pairs),
        }),
      ],
    });
    const group = standGroup({
      subject: record.subject,
      group: { run: makeRun(), record },
      cells: new Map(),
    });
    expect(comparisonTable([group]).targets[0]?.notes).toEqual(notes);
  },
);
