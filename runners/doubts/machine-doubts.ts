import type { Warning } from '../../results/warning-schema.ts';
import type { MachineState } from './machine-state.ts';
import { computesOnOneThread, measureMore, type Situation } from './situation.ts';

/** A tenth of a second in every ten taken by other guests is more than the effects looked for. */
const maxStealShare = 0.01;
/** Kernel and services take a part of a core on any machine. */
const slackCores = 0.2;
/** 400 kB of 4 kB pages: less may be the last of an old shortage. */
const maxSwappedPages = 100;

/** Doubts about what was timed between two states of the machine. */
export function doubtsBetween(before: MachineState, after: MachineState, situation: Situation): Warning[] {
  return [
    ...loadDoubt(before, after, situation),
    ...stealDoubt(before, after, situation),
    ...throttlingDoubt(before, after, situation),
    ...swapDoubt(before, after),
    ...thermalDoubt(before, after),
    ...governorDoubt(after),
  ];
}

function loadDoubt(before: MachineState, after: MachineState, situation: Situation): Warning[] {
  const detail = crowding(before, after, situation);
  if (detail === null) return [];
  const trust = computesOnOneThread(situation)
    ? 'trust the paired ratios and not the absolute latencies'
    : `trust neither: with ${situation.threads} threads the ratios depend on how many cores are free`;
  return [{ code: 'high-load', detail, advice: `stop what else runs here, or ${trust}` }];
}

/** Whether other programs left fewer cores than are timed on. Where that is not told, the load average has to do. */
function crowding(before: MachineState, after: MachineState, { threads }: Situation): string | null {
  const others = coresOfOthers(before, after);
  if (others === null) {
    const { load, cores } = before;
    if (load <= cores) return null;
    return `The load average was ${load.toFixed(1)} on ${cores} cores when timing began.`;
  }
  const { used, cores } = others;
  if (used <= Math.max(cores - threads, 0) + slackCores) return null;
  return `Other programs used ${used.toFixed(1)} of ${cores} cores while this was timed.`;
}

/** Cores that neither we nor guests of the host kept busy, on average over the time between. */
function coresOfOthers(before: MachineState, after: MachineState): { used: number; cores: number } | null {
  if (before.cpu === null || after.cpu === null) return null;
  if (before.ownCpu === null || after.ownCpu === null) return null;
  const total = after.cpu.total - before.cpu.total;
  if (total <= 0) return null;
  const busy = after.cpu.busy - before.cpu.busy - (after.ownCpu - before.ownCpu);
  return { used: (busy / total) * after.cpu.cores, cores: after.cpu.cores };
}

function stealDoubt(before: MachineState, after: MachineState, situation: Situation): Warning[] {
  if (before.cpu === null || after.cpu === null) return [];
  const total = after.cpu.total - before.cpu.total;
  const share = total > 0 ? (after.cpu.steal - before.cpu.steal) / total : 0;
  if (share <= maxStealShare) return [];
  return [
    {
      code: 'cpu-steal',
      detail: `Other guests of the host took ${(share * 100).toFixed(1)} % of the CPU time while this was timed.`,
      advice: `if a verdict is inconclusive, ${measureMore(situation)}, at a quieter time or on a dedicated machine`,
    },
  ];
}

function throttlingDoubt(before: MachineState, after: MachineState, { threads }: Situation): Warning[] {
  if (before.throttling === null || after.throttling === null) return [];
  const times = after.throttling.times - before.throttling.times;
  if (times <= 0) return [];
  const ms = after.throttling.ms - before.throttling.ms;
  const fewer = threads > 1 ? `, or time fewer than ${threads} threads` : '';
  return [
    {
      code: 'cpu-throttled',
      detail: `The control group used up its CPU quota ${times} times and was stopped for ${ms.toFixed(0)} ms while this was timed.`,
      advice: `raise the CPU limit of the container${fewer}`,
    },
  ];
}

function swapDoubt(before: MachineState, after: MachineState): Warning[] {
  if (before.swappedPages === null || after.swappedPages === null) return [];
  const pages = after.swappedPages - before.swappedPages;
  if (pages <= maxSwappedPages) return [];
  return [
    {
      code: 'swapping',
      detail: `${pages} pages of memory moved to or from the disk while this was timed.`,
      advice: 'free memory, or switch swap off, and run again',
    },
  ];
}

function thermalDoubt(before: MachineState, after: MachineState): Warning[] {
  if (before.thermalEvents === null || after.thermalEvents === null) return [];
  const events = after.thermalEvents - before.thermalEvents;
  if (events <= 0) return [];
  return [
    {
      code: 'thermal-throttling',
      detail: `Cores lowered their clock rate for heat ${events} times while this was timed.`,
      advice: 'let the machine cool down, and trust the paired ratios and not the absolute latencies',
    },
  ];
}

function governorDoubt({ governors }: MachineState): Warning[] {
  const saving = governors.filter((governor) => governor !== 'performance');
  if (saving.length === 0) return [];
  return [
    {
      code: 'cpu-governor',
      detail: `The frequency governor is ${saving.join(', ')}.`,
      advice:
        'switch it to performance while you measure absolute latency: cpupower frequency-set -g performance',
    },
  ];
}
