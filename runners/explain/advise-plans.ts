import type { Advice } from '../../core/advice.ts';
import { AssayError, type ErrorCode } from '../../core/errors.ts';
import type { VariantPlan } from '../../models/variant.ts';
import { parseTarget } from '../../suites/target.ts';
import { readEnvironment } from '../environment.ts';
import { adviseByPasses, nothingKnown, type KnownOfBaseline } from './advise-by-passes.ts';
import { prepareSubject, type ExplainEffects, type ExplainRequest } from './subject.ts';

/** What is advised about one variant. */
export interface PlanAdvice {
  variant: string;
  advice: readonly Advice[];
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
 * Advises on variants before they are made, on the CPU: by their passes, and by what the baseline spends its time in. Throws
 * `model-unloadable` where ONNX Runtime refuses the baseline and `dataset-invalid` where the data do not fit it, as it would all variants.
 */
export async function advisePlans(
  planned: readonly Planned[],
  request: Pick<ExplainRequest, 'dataset' | 'cacheDir' | 'timeoutMs'>,
  effects: ExplainEffects,
): Promise<PlanAdvice[]> {
  const changing = planned.filter(({ plan }) => plan.steps.length > 0);
  const onOnnx = changing.find(({ format }) => format === 'onnx');
  const known =
    onOnnx === undefined ? nothingKnown : await profiled({ ...request, model: onOnnx.model }, effects);
  const cpuFlags = readEnvironment().cpu.flags;
  return changing.map(({ plan: { name, steps }, format }) => {
    const [device, about] = format === 'onnx' ? (['cpu', known] as const) : (['wasm', nothingKnown] as const);
    return { variant: name, advice: adviseByPasses({ steps, situation: { device, cpuFlags } }, about) };
  });
}

/**
 * A model that does not run for want of time or memory, or on inputs that are made up, is advised on by the passes alone: its variants may
 * be made all the same.
 */
async function profiled(
  { timeoutMs, ...request }: Pick<ExplainRequest, 'model' | 'dataset' | 'cacheDir' | 'timeoutMs'>,
  effects: ExplainEffects,
): Promise<KnownOfBaseline> {
  const call = { target: parseTarget('onnxruntime/cpu'), batchSize: 1, threads: 1, shapes: {} };
  const limited = { ...request, ...call, timeoutMs: Math.min(timeoutMs, mostProfileMs) };
  try {
    const { profile, shapesKnown } = await prepareSubject(limited, { standIn: false }, effects);
    return { baseline: profile, shapes: shapesKnown };
  } catch (thrown) {
    if (!(thrown instanceof AssayError) || ends.includes(thrown.code)) throw thrown;
    return nothingKnown;
  }
}
