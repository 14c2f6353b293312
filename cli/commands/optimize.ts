import path from 'node:path';
import { AssayError, exitCodes, type ExitCode } from '../../core/errors.ts';
import { makeFolder } from '../../core/make-folder.ts';
import { formatOf } from '../../models/format.ts';
import { fileOf, loadModel, type Model } from '../../models/manifest.ts';
import { decodeModelFile, readModelBytes } from '../../models/onnx/read.ts';
import { parseVariant, type VariantPlan } from '../../models/variant.ts';
import type { Margin } from '../../results/policy.ts';
import { dataOf, type ModelData, type NamedData } from '../../runners/explain/model-data.ts';
import type { Aim } from '../../runners/optimize/choose.ts';
import { findBest, type Found } from '../../runners/optimize/find-best.ts';
import { makeVariant, type Optimized } from '../../runners/optimize/make-variants.ts';
import type { CommandResult, CommonFlags } from '../command.ts';
import { candidateData, formatFound } from '../reporters/candidates.ts';
import { formatOptimized, optimizedData } from '../reporters/optimized.ts';
import { withHost } from '../with-host.ts';

export type OptimizeFlags = CommonFlags &
  NamedData & {
    out: string;
    timeout: number;
    maxDrop?: Margin;
    by: Aim;
    maxLayers: number;
    samples: number;
    budget: number;
  };

/** `assay optimize <model> <variant…>`: makes variants of a model as files, or the best one within a loss. */
export async function optimizeCommand(
  flags: OptimizeFlags,
  [idOrPath = '', ...variants]: readonly string[],
): Promise<CommandResult> {
  if (variants.length === 0) throw noVariant(idOrPath);
  const plans = variants.map(parseVariant);
  const model = await loadModel(idOrPath);
  const { path: file } = fileOf(model);
  // Says of a file that is no model what it is, before a process fails on it.
  if (formatOf(file) === 'onnx') await decodeModelFile(await readModelBytes(file), file);
  const data = await dataOf(model, flags);
  if (flags.maxDrop !== undefined && data === null) throw noData(model.id);
  await makeFolder(path.resolve(flags.out));
  return flags.maxDrop === undefined || data === null
    ? makeAll({ model, plans, data }, flags)
    : findWithin({ model, plans, data }, { ...flags, maxDrop: flags.maxDrop });
}

interface Asked {
  model: Model;
  plans: readonly VariantPlan[];
  data: ModelData | null;
}

async function makeAll({ model, plans, data }: Asked, flags: OptimizeFlags): Promise<CommandResult> {
  const dataset = data?.dataset ?? null;
  const request = { model, dataset, out: flags.out, cacheDir: '.assay/variants' };
  const options = { workers: 1, timeoutMs: flags.timeout * 1000 };
  const optimized = await withHost(options, async ({ host, report }) => {
    const done: Optimized[] = [];
    for (const plan of plans) {
      report(`making ${plan.name}`);
      done.push(await makeVariant(plan, request, host));
    }
    return done;
  });
  const isWhole = optimized.every(({ status }) => status === 'written');
  return {
    exitCode: isWhole ? exitCodes.pass : exitCodes.incomplete,
    data: { model: model.id, optimized: optimized.map(optimizedData) },
    text: formatOptimized(optimized),
  };
}

async function findWithin(
  { model, plans, data }: Asked & { data: ModelData },
  flags: OptimizeFlags & { maxDrop: Margin },
): Promise<CommandResult> {
  const { out, maxDrop, by: aim, maxLayers: mostLayers, samples: mostSamples, budget, timeout } = flags;
  const limits = { mostLayers, mostSamples, budgetMs: budget * 1000, both: false };
  const timeoutMs = timeout * 1000;
  const request = { model, data, plans, maxDrop, aim, limits, timeoutMs, out };
  const found = await withHost({ workers: 2, timeoutMs }, (effects) => findBest(request, effects));
  return {
    exitCode: exitCodeOf(found),
    data: { model: model.id, metric: data.metric, maxDrop, by: aim, ...candidateData(found) },
    text: formatFound(found, { model: model.id, aim, maxDrop }),
  };
}

function exitCodeOf({ chosen, candidates, unjudged }: Found): ExitCode {
  if (chosen !== null) return unjudged.length === 0 ? exitCodes.pass : exitCodes.incomplete;
  if (candidates.length === 0) return exitCodes.incomplete;
  const isLost = candidates.every(({ comparison }) => comparison?.verdict === 'regressed');
  return isLost ? exitCodes.gateFailed : exitCodes.inconclusive;
}

function noVariant(model: string): AssayError {
  const message =
    'No variant was given; one or more names such as int8-dynamic or prune-magnitude-50 are accepted.';
  return new AssayError('usage-invalid', message, { hint: `assay explain ${model}` });
}

function noData(model: string): AssayError {
  const message = `--max-drop needs data to judge by, and ${model} names none; --dataset or --suite is accepted.`;
  return new AssayError('usage-invalid', message, { hint: 'assay list shows what there is' });
}
