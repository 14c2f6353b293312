import type { Percentile } from '../../results/latency-schema.ts';
import type { ScenarioRecord } from '../../results/schema.ts';
import type { ScenarioResult } from '../../results/scenario-schema.ts';
import { column, textCell, type Column, type DataCell, type DataTable } from './data-table.ts';
import {
  clip,
  decimalsFor,
  formatNumber,
  formatRange,
  formatSignificant,
  formatTimes,
  timeScale,
  type TimeScale,
} from './format.ts';
import { paths } from './paths.ts';
import { percentileName, scenarioTexts, throughputText } from './scenario-text.ts';

type Kind = ScenarioResult['scenario'];
type ResultOf<K extends Kind> = Extract<ScenarioResult, { scenario: K }>;

/** One column and what a result has in it. */
interface Field<Result> {
  column: Column;
  cell: (result: Result) => DataCell;
}

const validity: Field<ScenarioResult> = {
  column: column('Valid'),
  cell: ({ invalidReasons }) =>
    invalidReasons.length === 0 ? textCell('yes') : textCell('no', clip(invalidReasons.join('; '), 300)),
};

const mlperfValidity = { ...validity, column: column('Valid', 'by MLPerf’s rules') };

/** The records of one kind of load on one target as a table, a row a variant; null where there are none. */
export function scenarioTable(records: readonly ScenarioRecord[]): DataTable | null {
  const [first] = records;
  if (first === undefined) return null;
  const results = records.flatMap(({ outcome }) => (outcome.status === 'measured' ? [outcome.result] : []));
  const fields = fieldsOf(first.scenario, results);
  const { title, question } = scenarioTexts[first.scenario];
  return {
    caption: `${title}: ${question}`,
    columns: fields.map((field) => field.column),
    rows: records.map((record) => ({
      name: clip(record.variant.name, 60),
      path: paths.record(record),
      cells: cellsOf(record, fields),
    })),
  };
}

/** A reason that holds for the whole row stands in its first cell alone. */
function cellsOf({ outcome }: ScenarioRecord, fields: readonly Field<ScenarioResult>[]): DataCell[] {
  if (outcome.status === 'measured') return fields.map(({ cell }) => cell(outcome.result));
  const reason = `${outcome.status}: ${clip(outcome.reason, 120)}`;
  return fields.map((_, index) => textCell('–', index === 0 ? reason : null));
}

function fieldsOf(kind: Kind, results: readonly ScenarioResult[]): Field<ScenarioResult>[] {
  switch (kind) {
    case 'single-stream':
    case 'multi-stream':
      return [...narrow(kind, streamFields(results.filter(isOf(kind)))), mlperfValidity];
    case 'offline':
      return [...narrow(kind, offlineFields), mlperfValidity];
    case 'server':
      return [...narrow(kind, serverFields(results.filter(isOf(kind)))), mlperfValidity];
    case 'thread-sweep':
      return [...narrow(kind, threadFields(results.filter(isOf(kind)))), validity];
  }
}

function isOf<K extends Kind>(kind: K): (result: ScenarioResult) => result is ResultOf<K> {
  return (result): result is ResultOf<K> => result.scenario === kind;
}

/** Fields of one kind, for records that are all of it. */
function narrow<K extends Kind>(kind: K, fields: readonly Field<ResultOf<K>>[]): Field<ScenarioResult>[] {
  const isKind = isOf(kind);
  return fields.map((field) => ({
    ...field,
    cell: (result) => (isKind(result) ? field.cell(result) : textCell('–')),
  }));
}

type Stream = ResultOf<'single-stream'> | ResultOf<'multi-stream'>;

function streamFields(results: readonly Stream[]): Field<Stream>[] {
  const scale = timeScale(results.map(({ meanMs }) => meanMs));
  const hint = `${scale.unit}, ↓ lower is better`;
  const probabilities = [
    ...new Set(results.flatMap(({ percentiles }) => percentiles.map(({ probability }) => probability))),
  ];
  const judged = results[0]?.earlyStopping;
  const bound = judged === undefined ? '' : ` of ${percentileName(judged.probability)}`;
  return [
    ...(results.some(isOf('multi-stream')) ? [samplesField] : []),
    { column: column('Queries'), cell: ({ queries }) => textCell(formatNumber(queries, 0)) },
    ...probabilities.map((probability) => ({
      column: column(percentileName(probability), hint),
      cell: ({ percentiles }: Stream) =>
        percentileCell(
          percentiles.find((one) => one.probability === probability),
          scale,
        ),
    })),
    {
      column: column(`Bound${bound}`, `${scale.unit}, 99 % confidence`),
      cell: ({ earlyStopping: { atMostMs, reason } }) => timeCell(atMostMs, reason, scale),
    },
  ];
}

const samplesField: Field<Stream> = {
  column: column('Samples a query'),
  cell: (result) => textCell(result.scenario === 'multi-stream' ? String(result.samplesPerQuery) : '1'),
};

/** A value with its interval; without one, why. */
function percentileCell(percentile: Percentile | undefined, { perMs }: TimeScale): DataCell {
  if (percentile?.ms == null) return textCell('–', percentile?.reason ?? 'not measured');
  const { ms, interval } = percentile;
  const scaled = interval === null ? null : { low: interval.low * perMs, high: interval.high * perMs };
  const decimals = decimalsFor([{ value: ms * perMs, interval: scaled }]);
  return textCell(formatNumber(ms * perMs, decimals), scaled === null ? null : formatRange(scaled, decimals));
}

function timeCell(ms: number | null, reason: string | null, { perMs }: TimeScale): DataCell {
  return ms === null ? textCell('–', reason) : textCell(formatSignificant(ms * perMs));
}

const offlineFields: readonly Field<ResultOf<'offline'>>[] = [
  {
    column: column('Throughput', 'samples/s, ↑ higher is better'),
    cell: ({ best }) => {
      const { value, range } = throughputText(best);
      return textCell(value, range);
    },
  },
  { column: column('Best batch size'), cell: ({ best }) => textCell(String(best.batchSize)) },
  { column: column('Over batch size 1'), cell: ({ points, best }) => textCell(gainOf(points, best)) },
  {
    column: column('Not measured', 'batch sizes'),
    cell: ({ gaps }) =>
      textCell(
        gaps.length === 0 ? 'none' : gaps.map(({ batchSize }) => batchSize).join(', '),
        clip(gaps[0]?.reason ?? '', 120) || null,
      ),
  },
];

function gainOf(points: ResultOf<'offline'>['points'], best: ResultOf<'offline'>['best']): string {
  const single = points.find(({ batchSize }) => batchSize === 1);
  return single === undefined ? '–' : formatTimes(best.samplesPerSecond / single.samplesPerSecond);
}

function serverFields(results: readonly ResultOf<'server'>[]): Field<ResultOf<'server'>>[] {
  const scale = timeScale(results.map(({ latencyBoundMs }) => latencyBoundMs));
  return [
    {
      column: column('Highest rate', 'queries/s, ↑ higher is better'),
      cell: ({ bestQueriesPerSecond: rate }) => textCell(rate === null ? 'none' : formatSignificant(rate)),
    },
    {
      column: column('Bound', scale.unit),
      cell: ({ latencyBoundMs, probability }) =>
        textCell(formatSignificant(latencyBoundMs * scale.perMs), percentileName(probability)),
    },
    {
      column: column('Latency at that rate', `${scale.unit}, at most, 99 % confidence`),
      cell: (result) => timeCell(confirmedBound(result), 'no rate', scale),
    },
    { column: column('Workers'), cell: ({ workers }) => textCell(String(workers)) },
    { column: column('Rates tried'), cell: ({ attempts }) => textCell(String(attempts.length)) },
  ];
}

function confirmedBound({ attempts }: ResultOf<'server'>): number | null {
  const confirmed = attempts.find(({ purpose, isMet }) => purpose === 'confirmation' && isMet);
  return confirmed?.earlyStopping.atMostMs ?? null;
}

function threadFields(results: readonly ResultOf<'thread-sweep'>[]): Field<ResultOf<'thread-sweep'>>[] {
  const points = results.flatMap((result) => result.points);
  const scale = timeScale(points.map(({ p50Ms }) => p50Ms));
  const counts = [...new Set(points.map(({ threads }) => threads))].sort((a, b) => a - b);
  return counts.flatMap((threads): Field<ResultOf<'thread-sweep'>>[] => {
    const pointOf = (result: ResultOf<'thread-sweep'>): ThreadPoint | undefined =>
      result.points.find((point) => point.threads === threads);
    const name = threads === 1 ? '1 thread' : `${threads} threads`;
    const latency: Field<ResultOf<'thread-sweep'>> = {
      column: column(name, `${scale.unit}, ↓ lower is better`),
      cell: (result) => medianCell(pointOf(result), scale),
    };
    const gain: Field<ResultOf<'thread-sweep'>> = {
      column: column('Speed-up', `${name} over one`),
      cell: (result) => speedUpCell(pointOf(result)),
    };
    return threads === 1 ? [latency] : [latency, gain];
  });
}

type ThreadPoint = ResultOf<'thread-sweep'>['points'][number];

function medianCell(point: ThreadPoint | undefined, scale: TimeScale): DataCell {
  if (point === undefined) return textCell('–', 'not measured');
  return percentileCell({ probability: 0.5, ms: point.p50Ms, interval: point.interval, reason: null }, scale);
}

function speedUpCell(point: ThreadPoint | undefined): DataCell {
  if (point === undefined) return textCell('–', 'not measured');
  const { speedUp, speedUpInterval: interval } = point;
  return textCell(formatTimes(speedUp), interval === null ? null : formatRange(interval, 2));
}
