import { readFileSync } from 'node:fs';
import os from 'node:os';
import type { Warning } from '../results/warning-schema.ts';

/** Counters of the machine at one moment. */
export interface MachineState {
  load: number;
  cores: number;
  /** Jiffies since boot; null where the platform does not tell. */
  cpu: { total: number; steal: number } | null;
}

/** A tenth of a second in every ten taken by other guests is more than the effects we look for. */
const maxStealShare = 0.01;

export function readMachineState(): MachineState {
  return { load: os.loadavg()[0] ?? 0, cores: os.availableParallelism(), cpu: readCpuJiffies() };
}

/** Doubts about what was timed between two states. */
export function doubtsBetween(before: MachineState, after: MachineState): Warning[] {
  return [...loadDoubt(before), ...stealDoubt(before, after)];
}

function loadDoubt({ load, cores }: MachineState): Warning[] {
  if (load <= cores) return [];
  return [
    {
      code: 'high-load',
      detail: `The load average was ${load.toFixed(1)} on ${cores} cores when timing began.`,
      advice: 'stop what else runs here, or trust the paired ratios and not the absolute latencies',
    },
  ];
}

function stealDoubt(before: MachineState, after: MachineState): Warning[] {
  if (before.cpu === null || after.cpu === null) return [];
  const total = after.cpu.total - before.cpu.total;
  const share = total > 0 ? (after.cpu.steal - before.cpu.steal) / total : 0;
  if (share <= maxStealShare) return [];
  return [
    {
      code: 'cpu-steal',
      detail: `Other guests of the host took ${(share * 100).toFixed(1)} % of the CPU time while this was timed.`,
      advice: 'run again at a quieter time or on a dedicated machine if a verdict is inconclusive',
    },
  ];
}

/** First line of /proc/stat: user nice system idle iowait irq softirq steal. */
function readCpuJiffies(): MachineState['cpu'] {
  try {
    const [first = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
    const jiffies = first.trim().split(/\s+/).slice(1, 9).map(Number);
    return { total: jiffies.reduce((sum, value) => sum + value, 0), steal: jiffies[7] ?? 0 };
  } catch {
    return null;
  }
}
