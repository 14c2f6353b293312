import { median, sortAscending } from '../../core/statistics/quantile.ts';
import type { Footprint } from '../../results/latency-schema.ts';
import { growthPerCall, settledSamples } from './memory-growth.ts';
import type { FootprintProcess } from './request.ts';

/** Medians over processes. */
export function summariseFootprint(processes: readonly FootprintProcess[]): Footprint {
  const medianOf = (figure: (process: FootprintProcess) => number): number =>
    median(sortAscending(processes.map(figure)));
  const growths = processes.map(({ memory }) => growthPerCall(memory)).filter((growth) => growth !== null);
  const floors = processes.map(({ floorMs }) => floorMs).filter((floorMs) => floorMs !== null);
  return {
    processes: processes.length,
    loadMs: medianOf(({ loadMs }) => loadMs),
    firstCallMs: medianOf(({ firstCallMs }) => firstCallMs),
    memory: {
      idleBytes: Math.round(medianOf(({ idleBytes }) => idleBytes)),
      peakBytes: Math.round(medianOf(({ peakBytes }) => peakBytes)),
      steadyBytes: Math.round(medianOf(steadyBytes)),
      growthBytesPerCall: growths.length === 0 ? null : median(sortAscending(growths)),
    },
    outputs: {
      calls: processes.reduce((sum, { memory }) => sum + (memory.at(-1)?.calls ?? 0), 0),
      isRepeatable:
        processes.every(({ largestDifference }) => largestDifference === 0) && isSameInAll(processes),
    },
    floorMs: floors.length === 0 ? null : median(sortAscending(floors)),
  };
}

function steadyBytes({ memory }: FootprintProcess): number {
  return median(sortAscending(settledSamples(memory).map(({ residentBytes }) => residentBytes)));
}

/** Whether every process got the same outputs from its first call. */
export function isSameInAll(processes: readonly FootprintProcess[]): boolean {
  return new Set(processes.map(({ outputHash }) => outputHash)).size <= 1;
}
