import { expect, test } from 'vitest';
import { forestChart } from '../../../site/charts/forest-chart.ts';
import type { LayeredChart } from '../../../site/charts/layers.ts';
import { renderSvg } from '../../../site/charts/render-svg.ts';
import { tradeOffChart } from '../../../site/charts/trade-off-chart.ts';
import { differenceForest, speedUpForest } from '../../../site/views/forest.ts';
import { makeReport } from '../../../site/views/report.ts';
import { tradeOffOf } from '../../../site/views/trade-off.ts';
import { sampleRuns } from '../sample-runs.ts';

const size = { width: 218, height: 164 };
const report = makeReport(await sampleRuns());
const models = report.suites.flatMap((suite) => suite.models);
const groups = models.flatMap((model) => model.groups);

function occurrences(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}

test('every chart of the sample renders without a warning, as one labelled image', async () => {
  const tradeOffs = models.map((model) => tradeOffOf(model.groups, size)).filter((view) => view !== null);
  const records = groups.flatMap(({ chosen }) => (chosen.group === null ? [] : [chosen.group.record]));
  const forests = records
    .flatMap((record) => [speedUpForest(record, { withProcesses: true }), differenceForest(record)])
    .filter((view) => view !== null);
  expect([tradeOffs.length, forests.length]).toEqual([4, 16]);
  const charts = [
    ...tradeOffs.map((view) => tradeOffChart(view, report.targets, size)),
    ...forests.map((view) => forestChart(view)),
  ];
  for (const chart of charts) {
    const svg = await renderSvg(chart, 'What it says');
    expect(svg).toMatch(/^<svg role="img" aria-label="What it says"/);
    expect(occurrences(svg, /\srole=|\saria-|\sstyle=|NaN|undefined/g)).toBe(2);
  }
});

test('colours are variables of the page, so that one image serves light and dark', async () => {
  const view = tradeOffOf(models[0]?.groups ?? [], size);
  if (view === null) throw new Error('nothing to draw');
  const svg = await renderSvg(tradeOffChart(view, report.targets, size), '');
  const colours = [...svg.matchAll(/(?:fill|stroke)="([^"]*)"/g)].map(([, colour]) => colour);
  expect(colours.filter((colour) => colour !== 'none' && !/^var\(--[\w-]+\)$/.test(colour ?? ''))).toEqual(
    [],
  );
});

test('text of the records is escaped, in labels and in the name of the image', async () => {
  const view = tradeOffOf(models[0]?.groups ?? [], size);
  if (view === null) throw new Error('nothing to draw');
  const hostile = '"><script>alert(1)</script>';
  const points = view.points.map((point) => ({ ...point, label: { ...point.label, text: hostile } }));
  const svg = await renderSvg(
    tradeOffChart({ ...view, points, metric: hostile }, report.targets, size),
    hostile,
  );
  expect(svg).not.toContain('<script');
  expect(svg).toContain('&lt;script&gt;');
  expect(svg).toContain('aria-label="&quot;&gt;&lt;script&gt;');
});

test('a chart that Vega-Lite would warn about is refused', async () => {
  const chart: LayeredChart = {
    data: { values: [{ a: 1 }] },
    layer: [
      {
        mark: 'point',
        encoding: { x: { field: 'a', type: 'quantitative', scale: { type: 'log', zero: true } } },
      },
    ],
  };
  await expect(renderSvg(chart, '')).rejects.toThrow('Vega-Lite warns');
});

test('ticks are written out, in steps of tens as in steps of ones', async () => {
  const view = tradeOffOf(models[0]?.groups ?? [], size);
  if (view === null) throw new Error('nothing to draw');
  const qualityAxis = { scale: 'linear', low: -5, high: 45, ticks: [0, 20, 40] } as const;
  const svg = await renderSvg(tradeOffChart({ ...view, qualityAxis }, report.targets, size), '');
  const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
  expect(texts).toEqual(expect.arrayContaining(['0', '20', '40']));
});
