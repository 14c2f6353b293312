import os from 'node:os';
import { sum } from '../../core/statistics/summary.ts';
import { cpuControlGroups } from '../control-groups.ts';
import { readTextIfThere, type ReadText } from '../read-text.ts';
import { allowedProcessors } from '../usable-cores.ts';

/** Counters of the machine at one moment; null where the platform does not tell. */
export interface MachineState {
  /** Runnable processes, averaged over a minute; our own that evaluated quality just before are among them. */
  load: number;
  cores: number;
  /** Jiffies since boot of all cores the kernel counts: all, those of programs, and those of other guests. */
  cpu: { total: number; busy: number; steal: number; cores: number } | null;
  /** Jiffies of this process, the ones it started, and theirs that have ended. */
  ownCpu: number | null;
  /** How often, and for how long, the control group was stopped for having used up its quota. */
  throttling: { times: number; ms: number } | null;
  /** Pages moved to or from swap since boot. */
  swappedPages: number | null;
  /** How often cores lowered their clock rate for heat. */
  thermalEvents: number | null;
  /** Frequency governors in force, each once. */
  governors: readonly string[];
}

/** What this process can ask the operating system itself. */
export interface System {
  load: number;
  cores: number;
}

function readSystem(): System {
  return { load: os.loadavg()[0] ?? 0, cores: os.availableParallelism() };
}

export function readMachineState(
  readText: ReadText = readTextIfThere,
  system: System = readSystem(),
): MachineState {
  return {
    ...system,
    cpu: readJiffies(readText),
    ownCpu: readOwnJiffies(readText),
    throttling: readThrottling(readText),
    swappedPages: readSwappedPages(readText),
    thermalEvents: readThermalEvents(readText, system),
    governors: readGovernors(readText, system),
  };
}

/** First line of /proc/stat: user nice system idle iowait irq softirq steal; then a line a core. */
function readJiffies(readText: ReadText): MachineState['cpu'] {
  const stat = readText('/proc/stat') ?? '';
  const [first = ''] = stat.split('\n');
  const jiffies = first.trim().split(/\s+/).slice(1, 9).map(Number);
  if (jiffies.length < 8 || jiffies.some(Number.isNaN)) return null;
  const [, , , idle = 0, iowait = 0, , , steal = 0] = jiffies;
  const total = sum(jiffies);
  const cores = stat.match(/^cpu\d+ /gm)?.length ?? 1;
  return { total, busy: total - idle - iowait - steal, steal, cores };
}

/** A child that still runs has not yet been added to the time of those that ended. */
function readOwnJiffies(readText: ReadText): number | null {
  const own = jiffiesOf(readText('/proc/self/stat'));
  if (own === null) return null;
  const children = (readText('/proc/thread-self/children') ?? '')
    .split(' ')
    .filter((pid) => /^\d+$/.test(pid));
  return own + sum(children.map((pid) => jiffiesOf(readText(`/proc/${pid}/stat`)) ?? 0));
}

/** `utime stime cutime cstime` of proc(5); the name before them may hold anything, brackets too. */
function jiffiesOf(stat: string | null): number | null {
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  const jiffies = fields.slice(11, 15).map(Number);
  return jiffies.length < 4 || jiffies.some(Number.isNaN) ? null : sum(jiffies);
}

/** Of this process's control group and those that it lies in, each of which tells of its own quota alone. */
function readThrottling(readText: ReadText): MachineState['throttling'] {
  // Version 1 has the same group in folders of two names.
  const stats = new Set(cpuControlGroups(readText).map((folder) => readText(`${folder}/cpu.stat`) ?? ''));
  const throttled = [...stats].flatMap((stat) => throttlingIn(stat) ?? []);
  if (throttled.length === 0) return null;
  return { times: sum(throttled.map(({ times }) => times)), ms: sum(throttled.map(({ ms }) => ms)) };
}

/** `cpu.stat` of version 2 (microseconds) or 1 (nanoseconds). */
function throttlingIn(stat: string): MachineState['throttling'] {
  const times = numberAfter(stat, 'nr_throttled');
  const ms =
    (numberAfter(stat, 'throttled_usec') ?? 0) / 1e3 + (numberAfter(stat, 'throttled_time') ?? 0) / 1e6;
  return times === null ? null : { times, ms };
}

function readSwappedPages(readText: ReadText): number | null {
  const text = readText('/proc/vmstat') ?? '';
  const [into, out] = [numberAfter(text, 'pswpin'), numberAfter(text, 'pswpout')];
  return into === null || out === null ? null : into + out;
}

function readThermalEvents(readText: ReadText, { cores }: System): number | null {
  const counts = ofEachCore(cores, 'thermal_throttle/core_throttle_count', readText).map(Number);
  return counts.length === 0 ? null : sum(counts);
}

function readGovernors(readText: ReadText, { cores }: System): string[] {
  return [...new Set(ofEachCore(cores, 'cpufreq/scaling_governor', readText))];
}

function ofEachCore(cores: number, file: string, readText: ReadText): string[] {
  const numbers = allowedProcessors(readText) ?? Array.from({ length: cores }, (_, core) => core);
  const texts = numbers.map((number) => readText(`/sys/devices/system/cpu/cpu${number}/${file}`));
  return texts.flatMap((text) => (text === null ? [] : [text.trim()]));
}

function numberAfter(text: string, key: string): number | null {
  const found = new RegExp(`^${key} (\\d+)$`, 'm').exec(text)?.[1];
  return found === undefined ? null : Number(found);
}
