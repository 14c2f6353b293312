import type { Advice } from '../../core/advice.ts';
import { AssayError, type ErrorCode } from '../../core/errors.ts';
import type { Situation } from '../../models/explain/situation.ts';
import { kindOf, type VariantPlan } from '../../models/variant.ts';
import { parseTarget } from '../../suites/target.ts';
import { readEnvironment } from '../environment.ts';
import { adviseByPasses, nothingKnown, type KnownOfBaseline } from './advise-by-passes.ts';
import { freeMemoryBytes } from '../limits.ts';
import { prepareSubject, type ExplainEffects, type ExplainRequest, type Subject } from './subject.ts';

/** What is advised about one variant. */
export interface PlanAdvice {
  variant: string;
  advice: readonly Advice[];
  /** Why it will not be made, where that shows beforehand. */
  skipped: string | null;
}

export interface Advised {
  advice: PlanAdvice[];
  /** Why the model could not be called, so that its passes alone were asked; null where it could, or was none of ONNX. */
  uncalled: string | null;
}

/** A variant that is to be made, and the model it is to be made from. */
export interface Planned {
  plan: VariantPlan;
  model: ExplainRequest['model'];
  format: 'onnx' | 'tfjs';
}

/** Advice that comes late is none. */
const mostProfileMs = 10_000;

const ends: readonly ErrorCode[] = ['interrupted', 'dataset-invalid', 'model-unloadable'];

/**
 * Advises on variants before they are made, on the CPU: by their passes, and by what the baseline spends its time in; on those that passes alone do not
 * tell of, by trying them. Throws
 * `model-unloadable` where ONNX Runtime refuses the baseline and `dataset-invalid` where the data do not fit it, as it would all variants.
 */
export async function advisePlans(
  planned: readonly Planned[],
  request: Pick<ExplainRequest, 'dataset' | 'cacheDir' | 'timeoutMs'>,
  effects: ExplainEffects,
): Promise<Advised> {
  const changing = planned.filter(({ plan }) => plan.steps.length > 0);
  const onOnnx = changing.find(({ format }) => format === 'onnx');
  const called = onOnnx === undefined ? null : await profiled({ ...request, model: onOnnx.model }, effects);
  const [subject, uncalled] = typeof called === 'string' ? [null, called] : [called, null];
  const cpuFlags = readEnvironment().cpu.flags;
  const given = changing.map(async ({ plan, format }): Promise<PlanAdvice> => {
    if (format === 'tfjs') return told(plan, { device: 'wasm', cpuFlags }, nothingKnown);
    const tried = subject !== null && isUnclear(plan) ? await tryPlan(plan, subject, effects) : null;
    return (
      tried ?? told(plan, { device: 'cpu', cpuFlags }, subject === null ? nothingKnown : knownOf(subject))
    );
  });
  return { advice: await Promise.all(given), uncalled };
}

function knownOf({ profile, shapesKnown }: Subject): KnownOfBaseline {
  return { baseline: profile, shapes: shapesKnown };
}

function told({ name, steps }: VariantPlan, situation: Situation, known: KnownOfBaseline): PlanAdvice {
  return { variant: name, advice: adviseByPasses({ steps, situation }, known), skipped: null };
}

/** Quantizing leaves much, little or nothing of a model to convert. */
function isUnclear({ steps }: VariantPlan): boolean {
  const kinds = steps.map(({ pass }) => kindOf(pass));
  return kinds.includes('quantizes') && kinds.includes('converts');
}

/** Null where it cannot be tried in the time there is for it. */
async function tryPlan(
  { name, steps }: VariantPlan,
  { model, dataset, target, cpuFlags, inputs, profile, shapesKnown, timeoutMs }: Subject,
  { host }: ExplainEffects,
): Promise<PlanAdvice | null> {
  const about = { target, cpuFlags, steps, profile, shapes: shapesKnown, file: model.path };
  const limits = { timeoutMs, memoryBytes: freeMemoryBytes() };
  const task = { kind: 'foresee', ...about, inputs: dataset === null ? null : inputs } as const;
  const outcome = await host.run(task, limits);
  if (outcome.status !== 'done') return null;
  const { result } = outcome;
  return result.status === 'made'
    ? { variant: name, advice: result.advice, skipped: null }
    : { variant: name, advice: [], skipped: result.reason };
}

/**
 * A model that does not run for want of time or memory, or on inputs that are made up, is advised on by the passes alone: its variants may
 * be made all the same, and what went wrong is told.
 */
async function profiled(
  { timeoutMs, ...request }: Pick<ExplainRequest, 'model' | 'dataset' | 'cacheDir' | 'timeoutMs'>,
  effects: ExplainEffects,
): Promise<Subject | string> {
  const call = { target: parseTarget('onnxruntime/cpu'), batchSize: 1, threads: 1, shapes: {} };
  const limited = { ...request, ...call, timeoutMs: Math.min(timeoutMs, mostProfileMs) };
  try {
    return await prepareSubject(limited, { standIn: false }, effects);
  } catch (thrown) {
    if (!(thrown instanceof AssayError) || ends.includes(thrown.code)) throw thrown;
    effects.report(`advising by passes alone: ${thrown.message}`);
    return thrown.message;
  }
}
