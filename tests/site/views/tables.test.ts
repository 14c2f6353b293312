import { expect, test } from 'vitest';
import type { LatencyComparison } from '../../../results/latency-schema.ts';
import type { GroupRecord } from '../../../results/schema.ts';
import { cellMetricsTable, passesTable } from '../../../site/views/cell-tables.ts';
import type { DataTable } from '../../../site/views/data-table.ts';
import { distanceTable } from '../../../site/views/distance-table.ts';
import { flipsTable, qualityTable, slicesTable, speedTable } from '../../../site/views/group-tables.ts';
import { makeReport } from '../../../site/views/report.ts';
import { runRecordsTable } from '../../../site/views/run-tables.ts';
import { latencyTable, metricsTable } from '../../../site/views/suite-tables.ts';
import {
  makeCell,
  makeGroup,
  makeQuality,
  makeTimedVariant,
  makeVariant,
  measuredQuality,
  makeMetric,
} from '../../fakes/stored-runs.ts';
import { sampleRuns } from '../sample-runs.ts';

const runs = await sampleRuns();
const report = makeReport(runs);
const digits = report.suites.find(({ id }) => id === 'handwritten-digits')?.models[0]?.groups ?? [];
const [onCpu, , onWasm] = digits;
const group = onCpu?.chosen.group?.record as GroupRecord;

function cellsOf(table: DataTable | null, row: string): string[] {
  const found = table?.rows.find(({ name }) => name === row);
  return (found?.cells ?? []).map(({ value, range, mark }) =>
    [value, range, mark].filter(Boolean).join(' | '),
  );
}

test('every metric of a suite is a column, with unit and direction', () => {
  const columns = onCpu && metricsTable(onCpu)?.columns.map(({ name, hint }) => `${name} (${hint})`);
  expect(columns).toContain('Accuracy (↑ higher is better)');
  expect(columns).toContain('Log loss (nat, ↓ lower is better)');
});

test('a metric without a value gives its reason', () => {
  expect(onCpu && cellsOf(metricsTable(onCpu), 'fp32').at(-1)).toBe(
    '– | the model puts out no probabilities',
  );
});

test('a variant that was skipped gives the reason once, and no figures', () => {
  expect(onWasm && cellsOf(metricsTable(onWasm), 'int8-dynamic').slice(0, 2)).toEqual([
    '– | skipped: tfjs/wasm has no kernels for int8 weights',
    '–',
  ]);
  expect(onWasm && cellsOf(latencyTable(onWasm), 'int8-dynamic')[0]).toMatch(/^– \| skipped: /);
});

const unsupported = {
  probability: 0.99,
  ms: null,
  interval: null,
  reason: '96 calls; this percentile takes 662',
};

test('a percentile with too few calls is left out, with the reason', () => {
  const standings = (onCpu?.standings ?? []).map((standing) => ({
    ...standing,
    profile: standing.profile && { ...standing.profile, percentiles: [unsupported] },
  }));
  expect(onCpu && cellsOf(latencyTable({ ...onCpu, standings }), 'fp32')[3]).toBe(
    '– | 96 calls; this percentile takes 662',
  );
});

test('figures that follow from latency have columns of their own', () => {
  const grammar = report.suites.find(({ id }) => id === 'grammar')?.models[0]?.groups[0];
  expect(grammar && latencyTable(grammar)?.columns.at(-1)?.name).toBe('Tokens per second');
  const wide = { low: 0.2, high: 3.3, level: 0.95, method: 'order-statistics' };
  const standings = [
    makeMetric({ value: 0.289, interval: wide }),
    makeMetric({ value: 0.3623, interval: null }),
  ].flatMap((metric) =>
    (grammar?.standings.slice(0, 1) ?? []).map((one) => ({ ...one, timedMetrics: [metric] })),
  );
  const table = grammar && latencyTable({ ...grammar, standings });
  expect(table?.rows.map(({ cells }) => cells.at(-1)?.value)).toEqual(['0.2890', '0.3623']);
});

test('a record names the oracle of each metric and how its interval was made', () => {
  const table = cellMetricsTable(makeCell({ outcome: measuredQuality([makeMetric()]) }));
  expect(cellsOf(table, 'Accuracy')).toEqual([
    '0.982 | 0.965–0.991',
    '↑ higher is better',
    '95 %, wilson',
    'scikit-learn 1.9',
  ]);
});

test('the signature of a metric stands below its oracle', () => {
  const signature = 'nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0-assay';
  const bleu = makeMetric({ label: 'BLEU', oracle: 'sacrebleu 2.6.0', signature });
  const table = cellMetricsTable(makeCell({ outcome: measuredQuality([bleu]) }));
  expect(cellsOf(table, 'BLEU').at(-1)).toBe(`sacrebleu 2.6.0 | ${signature}`);
});

test('passes are listed in order, with their settings', () => {
  const pass = {
    pass: 'prune-magnitude',
    parameters: { share: 0.5, perChannel: true },
    summary: '3 of 3 weights',
  };
  const table = passesTable(makeVariant({ passes: [pass] }));
  expect(cellsOf(table, 'prune-magnitude')).toEqual(['share 0.5, perChannel true', '3 of 3 weights']);
  expect(passesTable(makeVariant())).toBeNull();
});

test('the control is judged below the variants', () => {
  expect(speedTable(group)?.rows.map(({ name }) => name)).toEqual([
    'int8-dynamic',
    'prune-magnitude-50',
    'prune-channels-50+int8-dynamic',
    'control: baseline against itself',
  ]);
});

test('a speed-up stands beside the one by CPU time, where that was recorded', () => {
  const [judged] = group.variants.filter(({ latency }) => latency !== null);
  if (judged?.latency == null) throw new Error('a group without a judged variant');
  const cellsWith = (changed: object): string[] => {
    const variants = [{ ...judged, latency: { ...judged.latency, ...changed } as LatencyComparison }];
    return cellsOf(speedTable({ ...group, variants }), judged.variant.name);
  };
  expect(cellsWith({ cpuRatio: 0.5 })[1]).toBe('2.000×');
  expect(cellsWith({ cpuRatio: null })[1]).toBe('– | not measured');
});

test('a smallest slowdown that is unknown says why: no noise figure, none seen, or too few processes', () => {
  const [judged] = group.variants.filter(({ latency }) => latency !== null);
  if (judged?.latency == null) throw new Error('a group without a judged variant');
  const last = (noise: number | null): string | undefined => {
    const changed = { noise, processes: 3, minimumDetectableEffect: null };
    const variants = [{ ...judged, latency: { ...judged.latency, ...changed } as LatencyComparison }];
    return cellsOf(speedTable({ ...group, variants }), judged.variant.name).at(-1);
  };
  expect(last(null)).toBe('– | noise could not be estimated');
  expect(last(0)).toBe('– | no noise was seen');
  expect(last(0.01)).toBe('– | 3 processes are too few to decide');
});

test('texts tell the divergence of next tokens with its interval, or why there is none', () => {
  const lossPerToken = { mean: 0.1, rootMeanSquare: 0.2, max: 0.9 };
  const divergence = {
    ...{
      klDivergence: 0.0123,
      interval: { low: 0.0101, high: 0.0149, level: 0.95, method: 't' },
      reason: null,
    },
    ...{ percentile99: null, max: 1.2, sameLikeliest: 0.98765, positions: 50, samples: 9 },
  };
  const named = (name: string) => ({ variant: makeVariant({ name, isBaseline: false }) });
  const kept = { kind: 'generation', lossPerToken, divergence, divergenceReason: null } as const;
  const group = makeGroup({
    variants: [
      makeTimedVariant({ ...named('int8-dynamic'), distance: kept }),
      makeTimedVariant({
        ...named('int4-weights'),
        distance: { ...kept, divergence: null, divergenceReason: 'The vocabulary is large.' },
      }),
      makeTimedVariant({
        ...named('prune-magnitude-50'),
        distanceReason: 'Outputs of the variant are not finite.',
      }),
    ],
  });
  const table = distanceTable(group);
  const shown = table?.rows.map(({ cells }) => cells.slice(-4).map(({ value, range }) => [value, range]));
  expect(shown?.[0]).toEqual([
    ['0.0123', '0.0101–0.0149'],
    ['–', null],
    ['1.20', null],
    ['98.77 %', 'of 50 tokens of 9 samples'],
  ]);
  expect(shown?.[1]?.[0]).toEqual(['–', 'The vocabulary is large.']);
  expect(table?.rows[2]?.cells[0]?.range).toBe('Outputs of the variant are not finite.');
  expect(table?.rows.map(({ cells }) => cells.length)).toEqual([7, 7, 7]);
});

test('flips, distances and slices are shown for each variant', () => {
  expect(cellsOf(flipsTable(group), 'int8-dynamic')).toEqual([
    '4 | 12, 77, 203, 411',
    '2 | 9, 318',
    '98.67 %',
    '450',
  ]);
  expect(cellsOf(distanceTable(group), 'int8-dynamic')).toEqual(['0.00310', '0.0112', '0.284', '0.000420']);
  expect(
    slicesTable(group)
      ?.rows.map(({ name, cells }) => `${name}: ${cells[0]?.value ?? ''}`)
      .slice(0, 2),
  ).toEqual(['int8-dynamic: class 8', 'int8-dynamic: class 1']);
});

test.each([null, { low: 0, high: 0, level: 0.95, method: 'identical outputs' }])(
  'what a difference of 0 is of is shown to its own digits, with %j',
  (interval) => {
    const comparison = makeQuality({ baseline: 0.5953, variant: 0.5953, difference: 0, interval });
    const variant = { ...makeTimedVariant({ variant: makeVariant() }), quality: [comparison] };
    const slices = [{ slice: 'class 1', samples: 9, comparison }];
    const judged = makeGroup({ variants: [{ ...variant, slices }] });
    const shown = [qualityTable(judged), slicesTable(judged)].map((table) =>
      table?.rows[0]?.cells.map(({ value }) => value),
    );
    for (const values of shown) expect(values?.filter((value) => value === '0.5953')).toHaveLength(2);
  },
);

test('an older record of a job leads to its JSON, the newest to its page', () => {
  const [run] = runs;
  if (run === undefined) throw new Error('no run');
  const newest = {
    ...run,
    run: { ...run.run, id: 'again' },
    records: run.records
      .slice(0, 1)
      .map(({ file, record }) => ({ file, record: { ...record, startedAt: '2027-01-01T00:00:00.000Z' } })),
  };
  const pages = makeReport([run, newest]).records;
  const isData = (path: string | null): boolean => /^data\/[\w-]+\/[\w-]+\.json$/.test(path ?? '');
  expect(runRecordsTable(newest, pages).rows.map(({ path }) => isData(path))).toEqual([false]);
  expect(runRecordsTable(run, pages).rows.filter(({ path }) => isData(path))).toHaveLength(1);
});
