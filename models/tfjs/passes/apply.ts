import { applyEach, type Applied, type Skipped } from '../../passes/apply.ts';
import type { PassStep } from '../../variant.ts';
import type { TfjsModel } from '../model.ts';
import { tfjsPasses } from './registry.ts';

/** Applies passes to a TF.js model, one after the other. */
export function applyTfjsPasses(
  source: TfjsModel,
  steps: readonly PassStep<'tfjs'>[],
): Promise<Applied<TfjsModel> | Skipped> {
  return applyEach(source, steps, (model, { pass, parameters }) => tfjsPasses[pass].apply(model, parameters));
}
