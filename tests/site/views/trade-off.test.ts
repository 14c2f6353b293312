import { expect, test } from 'vitest';
import { makeReport } from '../../../site/views/report.ts';
import { tradeOffOf, type TradeOff } from '../../../site/views/trade-off.ts';
import { sampleRuns } from '../sample-runs.ts';

const size = { width: 218, height: 164 };

async function tradeOff(suiteId: string): Promise<TradeOff> {
  const { suites } = makeReport(await sampleRuns());
  const groups = suites.find(({ id }) => id === suiteId)?.models[0]?.groups ?? [];
  const view = tradeOffOf(groups, size);
  if (view === null) throw new Error(`nothing to draw of ${suiteId}`);
  return view;
}

test('every variant with a latency and a quality is a point, and the others are counted', async () => {
  const view = await tradeOff('handwritten-digits');
  expect(view.points.map(({ variant, target, mark }) => `${variant} on ${target}: ${mark}`)).toEqual([
    'fp32 on onnxruntime/cpu: baseline',
    'prune-channels-50+int8-dynamic on onnxruntime/cpu: regressed',
    'int8-dynamic on onnxruntime/cpu: improved',
    'prune-magnitude-50 on onnxruntime/cpu: pass',
    'fp32 on tfjs/wasm: baseline',
    'prune-magnitude-50 on tfjs/wasm: pass',
  ]);
  expect(view.missing).toBe('Not drawn: 6 variants not measured.');
});

test('points, whiskers and labels lie within the axes', async () => {
  const { points, latencyAxis, qualityAxis } = await tradeOff('handwritten-digits');
  for (const { latencyInterval, qualityInterval, label } of points) {
    expect(latencyInterval.low).toBeGreaterThan(latencyAxis.low);
    expect(latencyInterval.high).toBeLessThan(latencyAxis.high);
    expect(qualityInterval.low).toBeGreaterThan(qualityAxis.low);
    expect(qualityInterval.high).toBeLessThan(qualityAxis.high);
    expect(label.quality).toBeGreaterThan(qualityAxis.low);
    expect(label.quality).toBeLessThan(qualityAxis.high);
  }
});

test('the summary names the variants on the frontier', async () => {
  const { summary } = await tradeOff('grammar');
  expect(summary).toMatch(
    /^Perplexity against median latency for 5 variants\. None is both faster and better than these:/,
  );
  expect(summary).toContain('int8-dynamic on onnxruntime/cpu');
});

test('variants timed on another machine than the last one are counted, not drawn', async () => {
  const { suites } = makeReport(await sampleRuns());
  const groups = suites.find(({ id }) => id === 'handwritten-digits')?.models[0]?.groups ?? [];
  const moved = groups.map((group) => {
    const entry = group.chosen.group;
    if (entry === null || group.target !== 'tfjs/wasm') return group;
    const environment = { ...entry.record.environment, fingerprint: 'f'.repeat(64) };
    const record = { ...entry.record, environment, startedAt: '2020-01-01T00:00:00.000Z' };
    return { ...group, chosen: { ...group.chosen, group: { ...entry, record } } };
  });
  const view = tradeOffOf(moved, size);
  expect(new Set(view?.points.map(({ target }) => target))).toEqual(new Set(['onnxruntime/cpu']));
  expect(view?.missing).toBe('Not drawn: 6 variants not measured, 2 variants timed on another machine.');
});

test('nothing measured is nothing to draw', () => {
  expect(tradeOffOf([], size)).toBeNull();
});
