import { expect, test } from 'vitest';
import type { StoredRun } from '../../../results/read-runs.ts';
import { recordSchema, type ScenarioRecord } from '../../../results/schema.ts';
import { renderSvg } from '../../../site/charts/render-svg.ts';
import { sweepChart } from '../../../site/charts/sweep-chart.ts';
import { scenarioSweep } from '../../../site/views/scenario-sweep.ts';
import { scenarioTable } from '../../../site/views/scenario-tables.ts';
import { scenarioFinding } from '../../../site/views/scenario-text.ts';
import { chooseScenarios } from '../../../site/views/scenarios.ts';
import { makeRun, makeVariant } from '../../fakes/stored-runs.ts';
import {
  makeScenario,
  makeScenarios,
  offline,
  server,
  singleStream,
  threadSweep,
} from '../../fakes/stored-scenarios.ts';

const size = { width: 218, height: 164 };
const all = makeScenarios();

function runOf(records: readonly ScenarioRecord[], overrides: Parameters<typeof makeRun>[0] = {}): StoredRun {
  const filed = records.map((record, index) => ({ file: `${index}.json`, record }));
  return { file: 'run.json', run: makeRun(overrides), records: filed, damaged: [] };
}

function ofKind(kind: ScenarioRecord['scenario']): ScenarioRecord[] {
  return all.filter(({ scenario }) => scenario === kind);
}

function cellsOf(records: readonly ScenarioRecord[], name: string): string[] {
  const row = scenarioTable(records)?.rows.find((one) => one.name === name);
  return (row?.cells ?? []).map(({ value, range }) => [value, range].filter(Boolean).join(' | '));
}

test('the fakes are records that could be stored', () => {
  for (const record of all) expect(() => recordSchema.parse(record)).not.toThrow();
});

test('each kind of load is found in one line', () => {
  expect(scenarioFinding(singleStream(5000))).toBe('p50 0.150 ms, p90 0.190 ms, p99 0.199 ms');
  expect(scenarioFinding(singleStream(50))).toBe('p50 0.149 ms');
  expect(scenarioFinding(singleStream(5))).toBe('5 queries, too few');
  expect(scenarioFinding(offline())).toMatch(/^37,647 samples\/s \(36,141–38,776\) at batch size 64$/);
  expect(scenarioFinding(server())).toBe('1000 queries/s: p99 within 2.00 ms, 2 workers');
  expect(scenarioFinding(server(false))).toBe('no rate: p99 within 2.00 ms, 2 workers');
  expect(scenarioFinding(threadSweep())).toBe('1.74× (1.67–1.79) with 2 threads');
});

test('a percentile whose sample is too small is not printed, and the cell says what it takes', () => {
  const cells = cellsOf(ofKind('single-stream'), 'int8-dynamic');
  expect(cells[0]).toBe('100');
  expect(cells[2]).toBe('0.1513 | 0.1464–0.1560');
  expect(cells[5]).toBe('– | 100 queries; this percentile takes 662');
});

test('validity is a column, with the reasons', () => {
  expect(cellsOf(ofKind('offline'), 'fp32').at(-1)).toBe('no | it lasted 5 s; MLPerf asks for 600 s');
  expect(cellsOf(ofKind('thread-sweep'), 'fp32').at(-1)).toBe('yes');
});

test('throughput has its batch size, its gain and what could not be measured', () => {
  const cells = cellsOf(ofKind('offline'), 'fp32');
  expect(cells.slice(1, 4)).toEqual(['64', '4.71×', '256 | the model takes at most 64 rows']);
});

test('a server that met its bound at no rate says so', () => {
  expect(cellsOf(ofKind('server'), 'int8-dynamic').slice(0, 3)).toEqual([
    'none',
    '2.00 | p99',
    '– | no rate',
  ]);
  expect(cellsOf(ofKind('server'), 'fp32').slice(0, 3)).toEqual(['1000', '2.00 | p99', '1.30']);
});

test('a variant that was not measured gives the reason once, and no figures', () => {
  const cells = cellsOf(ofKind('thread-sweep'), 'int8-dynamic');
  expect(cells[0]).toBe('– | skipped: no kernels');
  expect(new Set(cells.slice(1))).toEqual(new Set(['–']));
});

test('a sweep is drawn over its settings, a stream is not', () => {
  expect(scenarioSweep(ofKind('single-stream'), size)).toBeNull();
  const view = scenarioSweep(ofKind('offline'), size);
  expect(view?.series.map(({ name, points }) => [name, points.map(({ x }) => x)])).toEqual([
    ['fp32', [1, 4, 16, 64]],
    ['int8-dynamic', [1, 4, 16, 64]],
  ]);
  expect(view?.limit).toBeNull();
  expect(view?.rows).toHaveLength(8);
});

test('a server is drawn by rate, with its bound and whether each rate met it', () => {
  const view = scenarioSweep(ofKind('server'), size);
  expect(view?.limit).toBe(2);
  expect(view?.series[0]?.points.map(({ x, isMet }) => [x, isMet])).toEqual([
    [1000, true],
    [1000, true],
    [2000, false],
  ]);
  expect(view?.rows.at(-1)).toEqual(['int8-dynamic', '2000', '9.00', '', 'no']);
});

test('bounds that differ have no common line', () => {
  const other = makeScenario({ ...server(), latencyBoundMs: 5 });
  expect(scenarioSweep([...ofKind('server'), other], size)?.limit).toBeNull();
});

test.each(['offline', 'server', 'thread-sweep'] as const)(
  'the chart of %s renders as one image',
  async (kind) => {
    const view = scenarioSweep(ofKind(kind), size);
    if (view === null) throw new Error('nothing to draw');
    const svg = await renderSvg(sweepChart(view, size), view.summary);
    expect(svg).toMatch(/^<svg role="img" aria-label="/);
    expect(svg).not.toMatch(/NaN|undefined/);
    const colours = [...svg.matchAll(/(?:fill|stroke)="([^"]*)"/g)].map(([, colour]) => colour ?? '');
    expect(colours.filter((colour) => colour !== 'none' && !/^var\(--[\w-]+\)$/.test(colour))).toEqual([]);
  },
);

test('a report shows the newest run that has scenarios, kind by kind, the baseline first', () => {
  const reports = chooseScenarios([runOf([]), runOf([...all].reverse())]);
  expect(reports.map(({ title }) => title)).toEqual(['Single stream', 'Offline', 'Server', 'Threads']);
  expect(reports[0]?.records.map(({ variant }) => variant.name)).toEqual(['fp32', 'int8-dynamic']);
});

test('a quick run does not take the place of a longer one, and says what it is', () => {
  const later = '2026-11-21T09:00:00.000Z';
  const quick = [makeScenario(singleStream(100), { startedAt: later, variant: makeVariant() })];
  const [report] = chooseScenarios([runOf(all), runOf(quick, { id: 'quick', form: 'quick' })]);
  expect(report?.records).toHaveLength(2);
  const [alone] = chooseScenarios([runOf(quick, { id: 'quick', form: 'quick' })]);
  expect(alone?.notes).toEqual(['Measured on 2026-11-21, quick form, each variant in a process of its own.']);
});

test('what was skipped is a note, and no row', () => {
  const threads = chooseScenarios([runOf(all)]).at(-1);
  expect(threads?.table?.rows.map(({ name }) => name)).toEqual(['fp32']);
  expect(threads?.notes.at(-1)).toBe('Skipped: int8-dynamic. no kernels');
  const onlySkipped = all.filter(({ outcome }) => outcome.status === 'skipped');
  const [report] = chooseScenarios([runOf(onlySkipped)]);
  expect(report).toMatchObject({ table: null, notes: ['Skipped: int8-dynamic. no kernels'] });
});

test('doubts about the records are named once', () => {
  const doubt = { code: 'high-load', detail: '', advice: '' } as const;
  const doubted = all.map((record) => ({ ...record, warnings: [doubt] }));
  expect(chooseScenarios([runOf(doubted)])[0]?.notes.slice(1)).toEqual(['Doubts: high-load.']);
});
