import { AssayError } from '../../core/errors.ts';
import type { Tensors } from '../../core/tensor.ts';
import { baselineVariant } from '../../models/variant.ts';
import type { LatencyComparison } from '../../results/latency-schema.ts';
import type { Target } from '../../suites/target.ts';
import { forms } from '../form.ts';
import type { Artifact } from '../runner.ts';
import { judgeTimes } from '../timing/judge-times.ts';
import { summariseLatency } from '../timing/summarise.ts';
import { timeGroup } from '../timing/time-group.ts';

export interface TimingRequest {
  target: Target;
  threads: number;
  inputs: Tensors;
  timeoutMs: number;
  baseline: Artifact;
  /** By names that are unique. */
  candidates: readonly { name: string; artifact: Artifact }[];
}

/** How long a call takes, and how that compares; null with a reason where it could not be timed. */
export interface CandidateTime {
  p50Ms: number | null;
  latency: LatencyComparison | null;
  reason: string | null;
}

const level = 0.95;

/** Times candidates beside their baseline in fresh processes, in the quick form: all of them in each, so that they compare. */
export async function timeCandidates(
  { target, threads, inputs, timeoutMs, baseline, candidates }: TimingRequest,
  signal: AbortSignal,
): Promise<Map<string, CandidateTime>> {
  const { looks, falseAlarms, leastMargin: maxSlowdown } = forms.quick;
  const comparisons = Math.max(1, candidates.length);
  const design = { maxSlowdown, falseAlarms, alpha: 1 - level, looks, comparisons };
  const contenders = [{ name: baselineVariant, artifact: baseline }, ...candidates];
  const form = { ...forms.quick, cellTimeoutMs: timeoutMs };
  const times = await timeGroup({ target, threads, contenders, inputs, seed: 1, design }, { form, signal });
  if (signal.aborted) throw new AssayError('interrupted', 'Interrupted.');
  const judged = judgeTimes(times, baselineVariant, design);
  const entries = times.contenders.map((one): [string, CandidateTime] => {
    if (one.status === 'failed') return [one.name, { p50Ms: null, latency: null, reason: one.reason }];
    const latency = judged.get(one.name) ?? null;
    if (one.processes.length === 0)
      return [one.name, { p50Ms: null, latency, reason: 'no process answered' }];
    const { p50Ms } = summariseLatency(one.processes, { batchSize: 1, level });
    return [one.name, { p50Ms, latency, reason: null }];
  });
  return new Map(entries);
}
