import path from 'node:path';
import { exitCodes } from '../../core/errors.ts';
import { copyModel } from '../../models/copy-model.ts';
import { formatOf, type ModelFormat } from '../../models/format.ts';
import { fileOf, sourceOf, type Model } from '../../models/manifest.ts';
import { formatsOf, type VariantPlan } from '../../models/variant.ts';
import type { Variant } from '../../results/schema.ts';
import { buildInHost } from '../build-in-host.ts';
import { failureOf, type Host } from '../pool/supervise.ts';

/** What came of one variant that was asked for. */
export type Optimized =
  | { variant: string; status: 'written'; file: string; made: Variant }
  | { variant: string; status: 'not-applicable'; reason: string }
  /** By what was asked, such as the model; else by what ran it. */
  | { variant: string; status: 'failed'; reason: string; by: 'asked' | 'process' };

export interface MakeRequest {
  model: Model;
  /** What passes calibrate on; null where there is none. */
  dataset: string | null;
  out: string;
  cacheDir: string;
}

/** Makes a variant and writes it to `out`; that it cannot be made is an outcome, so that others are. Throws where the disk refuses. */
export async function makeVariant(
  plan: VariantPlan,
  { model, dataset, out, cacheDir }: MakeRequest,
  host: Host,
): Promise<Optimized> {
  const variant = plan.name;
  const source = chooseSource(model, [plan]);
  const built = await buildInHost({ ...source, variant: plan, dataset, cacheDir }, host);
  if (built.status === 'not-applicable') return { variant, ...built };
  if (built.status !== 'built') {
    const isAsked = built.status === 'refused' && built.error.exitCode === exitCodes.invalid;
    return { variant, status: 'failed', reason: failureOf(built).reason, by: isAsked ? 'asked' : 'process' };
  }
  const file = await copyModel(built.path, path.join(out, `${model.id}.${variant}`));
  return { variant, status: 'written', file, made: built.variant };
}

/** The file that variants are made from, and their format: the model's own where the passes of all rewrite it, else another. */
export function chooseSource(
  model: Model,
  plans: readonly VariantPlan[],
): { model: { path: string; sha256: string }; format: ModelFormat } {
  const own = formatOf(fileOf(model).path);
  const formats = plans.map((plan) => formatsOf(plan));
  const isCommon = (format: ModelFormat): boolean => formats.every((some) => some.includes(format));
  const format = ([own, 'onnx', 'tfjs'] as const).find(isCommon) ?? own;
  const { path: file, sha256 } = sourceOf(model, format) ?? fileOf(model);
  return { model: { path: file, sha256 }, format };
}
