import type { Conditions, Footprint, Percentile } from '../../results/latency-schema.ts';
import type { GroupRecord, TimedOutcome, Variant } from '../../results/schema.ts';
import { column, textCell, type DataCell, type DataTable } from './data-table.ts';
import {
  clip,
  formatBytes,
  formatCount,
  formatNumber,
  formatPercent,
  formatRange,
  formatSignificant,
  formatTime,
  timeScale,
} from './format.ts';

type Measured = Extract<TimedOutcome, { status: 'measured' }>;

/** What each variant costs beside its steady latency; null where nothing was timed. */
export function footprintTable(group: GroupRecord): DataTable | null {
  const rows = measuredOf(group).flatMap(({ variant, timed: { footprint } }) =>
    footprint === null ? [] : [{ variant, footprint }],
  );
  if (rows.length === 0) return null;
  return {
    caption: 'Loading and memory, in fresh processes that ran only this variant',
    columns: [
      column('Load', '↓ lower is better'),
      column('First call', '↓ lower is better'),
      column('Memory before loading'),
      column('Peak memory', '↓ lower is better'),
      column('Steady memory', '↓ lower is better'),
      column('Growth a call', 'once settled; 0 keeps nothing'),
      column('Outputs', 'of the same input'),
      column('Floor', 'a call that computes next to nothing'),
    ],
    rows: rows.map(({ variant, footprint }) => ({
      name: clip(variant.name, 60),
      path: null,
      cells: footprintCells(footprint),
    })),
  };
}

function footprintCells({ loadMs, firstCallMs, memory, outputs, floorMs }: Footprint): DataCell[] {
  const bytes = (value: number | undefined): DataCell =>
    value === undefined ? textCell('–', 'not measured') : textCell(formatBytes(value));
  return [
    textCell(formatTime(loadMs)),
    textCell(formatTime(firstCallMs)),
    bytes(memory?.idleBytes),
    bytes(memory?.peakBytes),
    bytes(memory?.steadyBytes),
    growthCell(memory),
    outputsCell(outputs),
    floorMs === null ? textCell('–', 'not measured') : textCell(formatTime(floorMs)),
  ];
}

function growthCell(memory: Footprint['memory']): DataCell {
  if (memory === null) return textCell('–', 'not measured');
  const growth = memory.growthBytesPerCall;
  if (growth === null) return textCell('–', 'too few calls');
  return textCell(`${growth < 0 ? '\u2212' : ''}${formatBytes(Math.abs(growth))}`);
}

function outputsCell(outputs: Footprint['outputs']): DataCell {
  if (outputs === null) return textCell('–', 'not measured');
  const calls = `over ${formatCount(outputs.calls, 'call')}`;
  return textCell(outputs.isRepeatable ? 'the same to the bit' : 'differ', calls);
}

/** Quantiles of call latency, each with its interval; null where nothing was timed. */
export function percentilesTable(group: GroupRecord): DataTable | null {
  const measured = measuredOf(group);
  const [first] = measured;
  if (first === undefined) return null;
  const scale = timeScale(measured.map(({ timed }) => timed.profile.p50Ms));
  const probabilities = first.timed.profile.percentiles.map(({ probability }) => probability);
  return {
    caption: `Latency of one call, batch size ${first.timed.profile.batchSize}`,
    columns: [
      column('Median', scale.unit),
      ...probabilities.map((probability) =>
        column(`${Number((probability * 100).toFixed(1))}th percentile`, scale.unit),
      ),
      column('Calls'),
    ],
    rows: measured.map(({ variant, timed: { profile } }) => ({
      name: clip(variant.name, 60),
      path: null,
      cells: [
        timeCell({ ms: profile.p50Ms, interval: profile.p50Interval, reason: null }, scale.perMs),
        ...probabilities.map((probability) =>
          timeCell(
            profile.percentiles.find((one) => one.probability === probability),
            scale.perMs,
          ),
        ),
        textCell(formatNumber(profile.calls, 0)),
      ],
    })),
  };
}

function timeCell(found: Omit<Percentile, 'probability'> | undefined, perMs: number): DataCell {
  if (found?.ms == null) return textCell('–', found?.reason ?? 'not measured');
  const { interval } = found;
  const scaled = interval && { low: interval.low * perMs, high: interval.high * perMs };
  return textCell(formatSignificant(found.ms * perMs), scaled && formatRange(scaled, decimals(scaled)));
}

/** As many as tell the ends of an interval apart. */
function decimals({ low, high }: { low: number; high: number }): number {
  return Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(Math.max(high - low, 1e-9)))));
}

/** How the timed processes went; null in records from before it was kept. */
export function conditionsTable(group: GroupRecord): DataTable | null {
  const rows = measuredOf(group).flatMap(({ variant, timed: { conditions } }) =>
    conditions === null ? [] : [{ variant, conditions }],
  );
  if (rows.length === 0) return null;
  return {
    caption: 'How the timed processes went',
    columns: [
      column('Steady after warm-up', 'processes'),
      column('Warm-up'),
      column('CPU time over wall time', '1 is one core kept busy'),
      column('Timed units'),
      column('Garbage collections, whole group', 'while units ran'),
    ],
    rows: rows.map(({ variant, conditions }) => ({
      name: clip(variant.name, 60),
      path: null,
      cells: conditionsCells(conditions),
    })),
  };
}

function conditionsCells(conditions: Conditions): DataCell[] {
  const { steadyProcesses, processes, warmUpMs, cpuPerWall, units, collections } = conditions;
  return [
    textCell(`${formatNumber(steadyProcesses, 0)} of ${formatNumber(processes, 0)}`),
    textCell(formatTime(warmUpMs)),
    textCell(formatPercent(cpuPerWall)),
    textCell(formatNumber(units, 0)),
    textCell(formatNumber(collections, 0)),
  ];
}

function measuredOf({ variants }: GroupRecord): { variant: Variant; timed: Measured }[] {
  return variants.flatMap(({ variant, timed }) => (timed.status === 'measured' ? [{ variant, timed }] : []));
}
