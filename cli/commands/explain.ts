import { AssayError, exitCodes } from '../../core/errors.ts';
import { leavingPass } from '../../models/explain/layers.ts';
import { formatOf } from '../../models/format.ts';
import { fileOf, loadModel, sourceOf, type Model, type ModelFile } from '../../models/manifest.ts';
import { readSound } from '../../models/onnx/check.ts';
import { parseVariant, stepsOn, type VariantPlan } from '../../models/variant.ts';
import { formatTarget } from '../../results/target-schema.ts';
import { explainVariant } from '../../runners/explain/explain-variant.ts';
import type { LayerCosts } from '../../results/layer-costs-schema.ts';
import { explainStored } from '../../runners/explain/explain-stored.ts';
import { dataOf, type ModelData, type NamedData } from '../../runners/explain/model-data.ts';
import {
  prepareSubject,
  type ExplainEffects,
  type ExplainRequest,
  type Subject,
} from '../../runners/explain/subject.ts';
import { explainLayers } from '../../runners/optimize/explain-layers.ts';
import { taskOf } from '../../runners/task-of.ts';
import { surveyVariants } from '../../runners/explain/survey-variants.ts';
import { parseTarget, type Target } from '../../suites/target.ts';
import type { CommandError, CommandResult, CommonFlags } from '../command.ts';
import { formatExplanation, formatStored } from '../reporters/explanation.ts';
import { formatLayerCosts } from '../reporters/layer-costs.ts';
import { formatProspects } from '../reporters/prospects.ts';
import type { InputShape } from '../routes/shape.ts';
import { withHost } from '../with-host.ts';

export type ExplainFlags = CommonFlags &
  NamedData & {
    target: string;
    batchSize: number;
    threads: number;
    shape?: readonly InputShape[];
    /** Of one step, in milliseconds. */
    timeout: number;
    sensitivity: boolean;
    maxLayers: number;
    samples: number;
    /** In milliseconds. */
    budget: number;
  };

const cacheDir = '.assay/variants';

/** `assay explain <model> [variant]`: why a variant is faster or is not, or what to expect of every pass. */
export async function explainCommand(
  flags: ExplainFlags,
  [idOrPath = '', variant]: readonly string[],
): Promise<CommandResult> {
  const plan = variant === undefined ? null : parseVariant(variant);
  if (flags.sensitivity) requireLayers(plan);
  const target = profiledTarget(flags.target);
  const model = await loadModel(idOrPath);
  const stored = plan !== null && stepsOn(plan, 'onnx') === null ? sourceOf(model, 'tfjs') : null;
  if (plan !== null && stored !== null) return storedOnly({ id: model.id, source: stored, plan }, flags);
  // Says of a file that is no model, or none that could run, what it is, before a process fails on it.
  const { path } = fileOf(model);
  if (formatOf(path) === 'onnx') await readSound(path);
  const data = await dataOf(model, flags);
  const request = requestOf(flags, { model, target, data });
  return withHost({ workers: 2, timeoutMs: request.timeoutMs }, async (effects) => {
    const subject = await prepareSubject(request, { standIn: variant === undefined }, effects);
    if (variant === undefined) return survey(idOrPath, subject, effects);
    if (flags.sensitivity) {
      const judged = data === null ? null : { ...data, task: taskOf(data.task, model, 'onnx') };
      return layers({ subject, data: judged, name: variant }, flags, effects);
    }
    const explanation = await explainVariant(subject, variant, effects);
    const isExplained = explanation.status === 'explained';
    return {
      exitCode: isExplained ? exitCodes.pass : exitCodes.incomplete,
      data: { model: model.id, variant, target: flags.target, cpuFlags: subject.cpuFlags, ...explanation },
      text: formatExplanation({ model: model.id, variant }, subject, explanation),
      errors: isExplained ? [] : [unexplained(variant, explanation)],
    };
  });
}

function unexplained(
  variant: string,
  { status: code, reason }: { status: string; reason: string },
): CommandError {
  return { code, message: `${variant}: ${reason}`, hint: null };
}

/** Passes that rewrite TF.js models alone change what is stored: there are no operators to time. */
async function storedOnly(
  { id, source, plan: { name: variant } }: { id: string; source: ModelFile; plan: VariantPlan },
  { timeout }: ExplainFlags,
): Promise<CommandResult> {
  const options = { workers: 1, timeoutMs: timeout };
  const explanation = await withHost(options, (effects) =>
    explainStored({ model: source, variant, cacheDir }, effects),
  );
  return {
    exitCode: explanation.status === 'stored' ? exitCodes.pass : exitCodes.incomplete,
    data: { model: id, ...explanation, variant },
    text: formatStored({ model: id, variant }, explanation),
    errors: explanation.status === 'stored' ? [] : [unexplained(variant, explanation)],
  };
}

function requireLayers(plan: VariantPlan | null): void {
  if (plan !== null) leavingPass(plan);
  else
    throw new AssayError(
      'usage-invalid',
      '--sensitivity was given without a variant; one such as int8-static is accepted.',
    );
}

function profiledTarget(name: string): Target {
  const target = parseTarget(name);
  if (target.runner === 'onnxruntime') return target;
  const message = `The operators of ${name} cannot be timed; targets of onnxruntime are accepted.`;
  throw new AssayError('usage-invalid', message, { hint: 'assay list' });
}

async function survey(model: string, subject: Subject, effects: ExplainEffects): Promise<CommandResult> {
  const prospects = await surveyVariants(subject, effects);
  const data = { model, target: formatTarget(subject.target), baseline: subject.profile, prospects };
  return { exitCode: exitCodes.pass, data, text: formatProspects(model, subject, prospects) };
}

async function layers(
  asked: Parameters<typeof explainLayers>[0],
  { maxLayers: mostLayers, samples: mostSamples, budget }: ExplainFlags,
  effects: ExplainEffects,
): Promise<CommandResult> {
  const limits = { mostLayers, mostSamples, budgetMs: budget, both: true };
  const found = await explainLayers(asked, limits, effects);
  const isAnyScored = found.costs.some(({ alone }) => alone !== null);
  return {
    exitCode: isAnyScored ? exitCodes.pass : exitCodes.incomplete,
    data: { variant: asked.name, ...found },
    text: formatLayerCosts(asked.name, found),
    errors: isAnyScored ? [] : found.costs.flatMap(unscored),
  };
}

function unscored({ node, reason }: LayerCosts['costs'][number]): CommandError[] {
  return reason === null ? [] : [{ code: 'not-scored', message: `${node}: ${reason}`, hint: null }];
}

interface Asked {
  model: Model;
  target: Target;
  data: ModelData | null;
}

function requestOf(flags: ExplainFlags, { model, target, data }: Asked): ExplainRequest {
  const { path, sha256 } = fileOf(model);
  return {
    model: { path, sha256 },
    dataset: data?.dataset ?? null,
    target,
    batchSize: flags.batchSize,
    threads: flags.threads,
    shapes: Object.fromEntries((flags.shape ?? []).map(({ name, shape }) => [name, shape])),
    cacheDir,
    timeoutMs: flags.timeout,
  };
}
