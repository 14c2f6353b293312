import { sourceOf, type Model } from '../models/manifest.ts';
import { kindOf, parseVariant, stepsOn, whyNotOn, type VariantPlan } from '../models/variant.ts';
import { formatTarget } from '../results/target-schema.ts';
import type { CellJob } from '../suites/expand.ts';
import { formatOfRunner } from '../suites/target.ts';
import type { Probe } from './runner.ts';

/** Why a cell will not be run, in the words of its record, and what would mend that. */
export interface Foreseen {
  code: 'unavailable' | 'not-applicable';
  reason: string;
  remedy: string;
}

/** What is known against a cell before anything is built; null where nothing is. */
export function foreseeSkip(
  { variant, target }: Pick<CellJob, 'variant' | 'target'>,
  model: Model,
  probe: Probe | undefined,
): Foreseen | null {
  if (probe?.status === 'unavailable')
    return { code: 'unavailable', reason: probe.reason, remedy: probe.remedy };
  const format = formatOfRunner[target.runner];
  if (sourceOf(model, format) === null)
    return notApplicable(model.tfjsReason ?? 'there is no TF.js form', 'onnxruntime/cpu runs this model');
  const plan = parseVariant(variant);
  const elsewhere = `take the variant or ${formatTarget(target)} out of the suite; the other cells are measured`;
  if (stepsOn(plan, format) === null) return notApplicable(whyNotOn(plan), elsewhere);
  const withoutHalf = float16Obstacle(plan, probe);
  return withoutHalf === null ? null : notApplicable(withoutHalf, elsewhere);
}

/** Why a target does not compute in float16, where a variant does; null elsewhere. */
export function float16Obstacle({ steps }: VariantPlan, probe: Probe | undefined): string | null {
  const isHalf = steps.some(({ pass }) => kindOf(pass) === 'converts');
  return isHalf && probe?.status === 'works' ? (probe.withoutFloat16 ?? null) : null;
}

function notApplicable(reason: string, remedy: string): Foreseen {
  return { code: 'not-applicable', reason, remedy };
}
