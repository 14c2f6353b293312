import type { Advice } from '../../core/advice.ts';
import { AssayError } from '../../core/errors.ts';
import type { Expected } from '../../models/explain/expect.ts';
import type { Profile } from '../../models/explain/profile.ts';
import { parseVariant } from '../../models/variant.ts';
import type { LatencyComparison } from '../../results/latency-schema.ts';
import type { Variant } from '../../results/schema.ts';
import { formatTarget } from '../../results/target-schema.ts';
import { buildInHost } from '../build-in-host.ts';
import { float16Obstacle } from '../foresee-skip.ts';
import { probeTargets } from '../probe-targets.ts';
import { profileOf, type ExplainEffects, type Subject } from './subject.ts';
import type { ExamineResult } from './tasks.ts';
import { timeCandidates } from './time-candidates.ts';

/** Why a variant is as fast as it is, or why there is none. */
export type Explanation =
  | {
      status: 'explained';
      variant: Variant;
      profiles: { baseline: Profile; variant: Profile };
      operators: { baseline: ExamineResult['operators']; variant: ExamineResult['operators'] };
      expected: Expected | null;
      /** Side by side in fresh processes, in the quick form; null with a reason where it could not be timed. */
      latency: LatencyComparison | null;
      untimedReason: string | null;
      advice: Advice[];
    }
  | { status: 'not-applicable' | 'failed'; reason: string };

/** Makes a variant, profiles it, times it beside the baseline and says what was to be expected. */
export async function explainVariant(
  subject: Subject,
  name: string,
  effects: ExplainEffects,
): Promise<Explanation> {
  const plan = parseVariant(name);
  const { steps } = plan;
  const probes = await probeTargets([subject.profiledOn], effects.host, {
    timeoutMs: subject.timeoutMs,
  });
  const obstacle = float16Obstacle(plan, probes.get(formatTarget(subject.profiledOn)));
  if (obstacle !== null) return { status: 'not-applicable', reason: obstacle };
  effects.report(`making ${name}`);
  const { model, dataset, cacheDir } = subject;
  const built = await buildInHost({ model, variant: name, dataset, cacheDir }, effects.host);
  if (built.status === 'not-applicable') return built;
  if (built.status === 'refused') throw built.error;
  if (built.status === 'failed') return { status: 'failed', reason: built.reason };
  effects.report(`profiling ${name}`);
  const profile = await profileOf({ format: 'onnx', path: built.path }, subject, effects);
  if (typeof profile === 'string') return { status: 'failed', reason: profile };
  const profiles = { baseline: subject.profile, variant: profile };
  const baseline = await examine(subject, { path: model.path, steps: [], profile: subject.profile }, effects);
  const variant = await examine(subject, { path: built.path, steps, profile }, effects);
  effects.report(`timing ${name} beside the baseline`);
  return {
    status: 'explained',
    variant: built.variant,
    profiles,
    operators: { baseline: baseline.operators, variant: variant.operators },
    ...{ expected: variant.expected, advice: variant.advice },
    ...(await timeBeside(subject, built.path, effects)),
  };
}

interface Examinable {
  path: string;
  steps: ReturnType<typeof parseVariant>['steps'];
  profile: Profile | null;
}

/** Throws where the process of the examination fails. */
export async function examine(
  { target, cpuFlags, model, profile, shapesKnown }: Subject,
  variant: Examinable,
  { host }: Pick<ExplainEffects, 'host'>,
): Promise<ExamineResult> {
  const outcome = await host.run({
    kind: 'examine',
    ...{ target, cpuFlags, steps: variant.steps, shapes: shapesKnown },
    files: { baseline: model.path, variant: variant.path },
    profiles: { baseline: profile, variant: variant.profile },
  });
  if (outcome.status === 'done') return outcome.result;
  if (outcome.status === 'refused') throw outcome.error;
  throw new AssayError('nothing-measured', `${variant.path} could not be examined: ${outcome.reason}.`);
}

async function timeBeside(
  { model, target, threads, inputs, timeoutMs }: Subject,
  path: string,
  { signal }: ExplainEffects,
): Promise<Pick<Extract<Explanation, { status: 'explained' }>, 'latency' | 'untimedReason'>> {
  const baseline = { format: 'onnx', path: model.path } as const;
  const candidates = [{ name: 'variant', artifact: { format: 'onnx', path } as const }];
  const request = { target, threads, inputs, timeoutMs, baseline, candidates };
  const time = (await timeCandidates(request, signal)).get('variant');
  const latency = time?.latency ?? null;
  return {
    latency,
    untimedReason: latency === null ? (time?.reason ?? 'the baseline could not be timed') : null,
  };
}
