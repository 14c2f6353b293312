import { twoPercentDesign as design } from '../../runners/calibrate/two-percent-design.ts';
import { forms } from '../../runners/form.ts';
import { controlName } from '../../runners/timing/group-times.ts';
import type { GroupTimes } from '../../runners/timing/group-times.ts';
import { judgeTimes } from '../../runners/timing/judge-times.ts';
import { timeGroup } from '../../runners/timing/time-group.ts';
import type { LatencyComparison } from '../../results/latency-schema.ts';
import type { ModelName, PowerPair } from './models.ts';
import { parseTarget } from '../../suites/target.ts';

/** One live run as it is kept: times in milliseconds a call, a process an entry. */
export interface LiveRun {
  model: ModelName;
  seed: number;
  startedAt: string;
  seconds: number;
  loadAverage: number;
  control: LatencyComparison;
  variant: LatencyComparison;
  processes: { baselineMs: number[]; controlMs: number[]; variantMs: number[] }[];
}

/** Times a pair and its control once, exactly as a run in the default form does. */
export async function runLive(
  { contenders, inputs }: PowerPair,
  { seed, signal }: { seed: number; signal: AbortSignal },
): Promise<Omit<LiveRun, 'model' | 'startedAt' | 'loadAverage'>> {
  const start = performance.now();
  const target = parseTarget('onnxruntime/cpu');
  const times = await timeGroup(
    { target, threads: 1, contenders, inputs, seed, design },
    { form: forms.default, signal },
  );
  const seconds = (performance.now() - start) / 1000;
  const judged = judgeTimes(times, 'baseline', design);
  const control = judged.get(controlName);
  const variant = judged.get('one layer more');
  if (control == null || variant == null) throw new Error('a contender was not timed');
  return { seed, seconds, control, variant, processes: processesOf(times) };
}

function processesOf({ contenders }: GroupTimes): LiveRun['processes'] {
  const [baseline = [], control = [], variant = []] = contenders.map((contender) => {
    if (contender.status === 'failed') throw new Error(`${contender.name}: ${contender.reason}`);
    return contender.processes.map(({ roundMs }) => Array.from(roundMs, toNanoseconds));
  });
  return baseline.map((baselineMs, index) => ({
    baselineMs,
    controlMs: control[index] ?? [],
    variantMs: variant[index] ?? [],
  }));
}

function toNanoseconds(ms: number): number {
  return Math.round(ms * 1e6) / 1e6;
}
