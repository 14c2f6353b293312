import type { Warning } from '../../results/warning-schema.ts';
import { growthOverCalls, growthPerCall } from '../footprint/memory-growth.ts';
import type { FootprintTimes } from '../footprint/measure-footprint.ts';
import type { FootprintProcess } from '../footprint/request.ts';
import { isSameInAll } from '../footprint/summarise-footprint.ts';
import { differenceInWords } from '../output-difference.ts';

/** Resident memory is known in steps of an allocator's chunk; less growth than this may be one of them. */
const maxGrowthBytes = 1024 * 1024;

/** Doubts about a variant that ran alone. */
export function footprintDoubts(name: string, times: FootprintTimes): Warning[] {
  if (times.status === 'failed') return [failure(name, times.reason)];
  return [...growthDoubt(name, times.processes), ...repeatabilityDoubt(name, times.processes)];
}

function failure(name: string, reason: string): Warning {
  return {
    code: 'footprint-failed',
    detail: `${name} ran beside its baseline, but not alone in a process of its own: ${reason}.`,
    advice: 'its latency stands; load time, memory and generation are missing',
  };
}

/** Every process must show it: one may have been unlucky. */
function growthDoubt(name: string, processes: readonly FootprintProcess[]): Warning[] {
  const isGrowing = processes.every(({ memory }) => growthOverCalls(memory) > maxGrowthBytes);
  const [first] = processes;
  if (!isGrowing || first === undefined) return [];
  const perCall = growthPerCall(first.memory) ?? 0;
  const calls = first.memory.at(-1)?.calls ?? 0;
  const grown = `${(growthOverCalls(first.memory) / 1e6).toFixed(1)} MB over the last two thirds of ${calls} calls`;
  return [
    {
      code: 'memory-growth',
      detail: `Resident memory of ${name} grew by ${(perCall / 1000).toFixed(1)} kB a call, ${grown}, in each of ${processes.length} processes.`,
      advice:
        'look for state the model or its operators keep from call to call; in service it ends out of memory',
    },
  ];
}

function repeatabilityDoubt(name: string, processes: readonly FootprintProcess[]): Warning[] {
  const largest = Math.max(...processes.map(({ largestDifference }) => largestDifference));
  const advice =
    'quality figures and output comparisons of this variant change from run to run; look for random operators';
  if (largest > 0) {
    const detail = `Outputs of ${name} for the same input differed from call to call by ${differenceInWords(largest)}.`;
    return [{ code: 'not-deterministic', detail, advice }];
  }
  if (isSameInAll(processes)) return [];
  const detail = `Outputs of ${name} for the same input differed from process to process.`;
  return [{ code: 'not-deterministic', detail, advice }];
}
