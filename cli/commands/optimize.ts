import path from 'node:path';
import { AssayError, exitCodes, type ExitCode } from '../../core/errors.ts';
import { writeWhole } from '../../core/write-whole.ts';
import { shellWord } from '../../core/shell-word.ts';
import { formatOf } from '../../models/format.ts';
import { fileOf, loadModel, type Model } from '../../models/manifest.ts';
import { readSound } from '../../models/onnx/check.ts';
import { exampleVariants, kindOf, parseVariant, type VariantPlan } from '../../models/variant.ts';
import type { Margin } from '../../results/policy.ts';
import { dataOf, type ModelData, type NamedData } from '../../runners/explain/model-data.ts';
import type { Aim } from '../../runners/optimize/choose.ts';
import { advisePlans, type Advised } from '../../runners/explain/advise-plans.ts';
import { findBest, type FindRequest, type Found } from '../../runners/optimize/find-best.ts';
import { requireReachable } from '../../runners/optimize/require-reachable.ts';
import { metricById } from '../../tasks/metrics/registry.ts';
import { chooseSource, makeVariant, type Optimized } from '../../runners/optimize/make-variants.ts';
import type { CommandError, CommandResult, CommonFlags } from '../command.ts';
import { exitCodeOfMade } from '../exit-code-of-made.ts';
import { makeOutFolder } from '../make-out-folder.ts';
import { candidateData, conclusion, formatFound } from '../reporters/candidates.ts';
import { formatOptimized, optimizedData, unmadeError } from '../reporters/optimized.ts';
import { planAdviceLines } from '../reporters/plan-advice.ts';
import { withHost, type HostedEffects } from '../with-host.ts';

export type OptimizeFlags = CommonFlags &
  NamedData & {
    out: string;
    /** Of one step, in milliseconds. */
    timeout: number;
    maxDrop?: Margin;
    by: Aim;
    save: FindRequest['save'];
    maxLayers: number;
    samples: number;
    /** In milliseconds. */
    budget: number;
  };

const cacheDir = '.assay/variants';

interface Asked {
  model: Model;
  plans: readonly VariantPlan[];
  /** Nobody named the plans: that some do not apply is no failure. */
  areUsual: boolean;
  data: ModelData | null;
}

/** `assay optimize <model> [variant…]`: makes variants of a model as files, or the best one within a loss. */
export async function optimizeCommand(
  flags: OptimizeFlags,
  [idOrPath = '', ...variants]: readonly string[],
): Promise<CommandResult> {
  const named = [...new Set(variants)].map(parseVariant);
  const model = await loadModel(idOrPath);
  const { path: file } = fileOf(model);
  // Says of a file that is no model, or none that could run, what it is, before a process fails on it.
  if (formatOf(file) === 'onnx') await readSound(file);
  const data = await dataOf(model, flags);
  const areUsual = named.length === 0;
  const asked = { model, plans: areUsual ? usualPlans() : named, areUsual };
  const { maxDrop } = flags;
  if (maxDrop === undefined) return makeAll({ ...asked, data }, flags);
  if (data === null) throw noData(model.id);
  return findWithin({ ...asked, data }, { ...flags, maxDrop });
}

/** One of each pass that quantizes, in its plainest form. */
function usualPlans(): VariantPlan[] {
  const plans = exampleVariants.map(parseVariant);
  return plans.filter(({ steps }) => steps.some(({ pass }) => kindOf(pass) === 'quantizes'));
}

async function makeAll(asked: Asked, { out, timeout }: OptimizeFlags): Promise<CommandResult> {
  const { model, plans, data } = asked;
  await makeOutFolder(out);
  const request = { model, dataset: data?.dataset ?? null, out, cacheDir };
  const options = { workers: 1, timeoutMs: timeout };
  const { advised, optimized } = await withHost(options, async (effects) => {
    const { host, report } = effects;
    const advised = await giveAdvice(asked, options.timeoutMs, effects);
    const done: Optimized[] = [];
    for (const plan of plans) {
      report(`making ${plan.name}`);
      done.push(await makeVariant(plan, request, host));
    }
    return { advised, optimized: done };
  });
  const exitCode = exitCodeOfMade(optimized, asked);
  return {
    exitCode,
    data: { model: model.id, ...advised, optimized: optimized.map(optimizedData) },
    text: formatOptimized(optimized),
    errors: exitCode === exitCodes.pass ? [] : optimized.flatMap(unmadeError),
  };
}

/** Told before anything is made, as `assay run` does before anything is measured. */
async function giveAdvice(
  { model, plans, data }: Asked,
  timeoutMs: number,
  effects: HostedEffects,
): Promise<Advised> {
  const planned = plans.map((plan) => ({ plan, ...chooseSource(model, [plan]) }));
  const advised = await advisePlans(
    planned,
    { dataset: data?.dataset ?? null, cacheDir, timeoutMs },
    effects,
  );
  planAdviceLines(advised.advice).forEach(effects.report);
  return advised;
}

async function findWithin(
  asked: Asked & { data: ModelData },
  flags: OptimizeFlags & { maxDrop: Margin },
): Promise<CommandResult> {
  const { model, plans, data, areUsual } = asked;
  const {
    out,
    save,
    maxDrop,
    by: aim,
    maxLayers: mostLayers,
    samples: mostSamples,
    budget,
    timeout: timeoutMs,
  } = flags;
  const changing = plans.filter(({ steps }) => steps.length > 0);
  if (changing.length === 0) throw noVariant(model.id);
  requireReachable(maxDrop, metricById(data.metric, data.task.kind));
  await makeOutFolder(out);
  const limits = { mostLayers, mostSamples, budgetMs: budget, both: false };
  const request = { model, data, plans: changing, maxDrop, aim, limits, timeoutMs, out, save, cacheDir };
  const { advised, found } = await withHost({ workers: 2, timeoutMs }, async (effects) => ({
    advised: await giveAdvice({ ...asked, plans: changing }, timeoutMs, effects),
    found: await findBest(request, effects),
  }));
  const about = {
    model: model.id,
    metric: data.metric,
    maxDrop,
    by: aim,
    ...advised,
    ...candidateData(found),
  };
  const record = path.join(out, `${model.id}.candidates.json`);
  await writeWhole(record, (to) => to.writeFile(`${JSON.stringify(about, null, 2)}\n`));
  const exitCode = exitCodeOf(found, areUsual);
  return {
    exitCode,
    data: { ...about, record },
    text: formatFound(found, { model: model.id, aim, maxDrop, record }),
    errors: exitCode === exitCodes.pass ? [] : errorsOf(found, aim),
  };
}

function errorsOf(found: Found, aim: Aim): CommandError[] {
  const none = { code: 'no-variant-holds', message: conclusion(found, aim), hint: null };
  return [...(found.chosen === null ? [none] : []), ...found.unjudged.flatMap(unmadeError)];
}

function exitCodeOf({ chosen, candidates, unjudged }: Found, areUsual: boolean): ExitCode {
  if (chosen !== null) {
    const isMissing = unjudged.some(({ status }) => !areUsual || status === 'failed');
    return isMissing ? exitCodes.incomplete : exitCodes.pass;
  }
  if (candidates.length === 0) return exitCodes.incomplete;
  const isLost = candidates.every(({ comparison }) => comparison?.verdict === 'regressed');
  return isLost ? exitCodes.gateFailed : exitCodes.inconclusive;
}

function noVariant(model: string): AssayError {
  const message =
    'No variant was given that changes the model; names such as int8-dynamic or prune-magnitude-50 are accepted, or none for the usual ones.';
  return new AssayError('usage-invalid', message, { hint: `assay explain ${shellWord(model)}` });
}

function noData(model: string): AssayError {
  const message = `--max-drop needs data to judge by, and ${model} names none; --dataset or --suite is accepted.`;
  return new AssayError('usage-invalid', message, { hint: 'assay list shows what there is' });
}
