import { AssayError, exitCodes } from '../../core/errors.ts';
import { loadModel, onnxOf, type Model } from '../../models/manifest.ts';
import { decodeModelFile, readModelBytes } from '../../models/onnx/read.ts';
import { parseVariant } from '../../models/variant.ts';
import { explainVariant } from '../../runners/explain/explain-variant.ts';
import { dataOf, type NamedData } from '../../runners/explain/model-data.ts';
import { prepareSubject, type ExplainRequest } from '../../runners/explain/subject.ts';
import { surveyVariants } from '../../runners/explain/survey-variants.ts';
import { parseTarget, type Target } from '../../suites/target.ts';
import type { CommandResult, CommonFlags } from '../command.ts';
import { formatExplanation } from '../reporters/explanation.ts';
import { formatProspects } from '../reporters/prospects.ts';
import type { InputShape } from '../routes/shape.ts';
import { withHost } from '../with-host.ts';

export type ExplainFlags = CommonFlags &
  NamedData & {
    target: string;
    batchSize: number;
    threads: number;
    shape?: readonly InputShape[];
    timeout: number;
  };

/** `assay explain <model> [variant]`: why a variant is faster or is not, or what to expect of every pass. */
export async function explainCommand(
  flags: ExplainFlags,
  [idOrPath = '', variant]: readonly string[],
): Promise<CommandResult> {
  if (variant !== undefined) parseVariant(variant);
  const target = profiledTarget(flags.target);
  const model = await loadModel(idOrPath);
  // Says of a file that is no model what it is, before a process fails on it.
  const { path } = onnxOf(model);
  await decodeModelFile(await readModelBytes(path), path);
  const request = await requestOf(flags, model, target);
  return withHost({ workers: 2, timeoutMs: request.timeoutMs }, async (effects) => {
    const subject = await prepareSubject(request, { standIn: variant === undefined }, effects);
    if (variant === undefined) {
      const prospects = await surveyVariants(subject, effects);
      const data = { model: model.id, target: flags.target, baseline: subject.profile, prospects };
      return { exitCode: exitCodes.pass, data, text: formatProspects(idOrPath, subject, prospects) };
    }
    const explanation = await explainVariant(subject, variant, effects);
    const isExplained = explanation.status === 'explained';
    return {
      exitCode: isExplained ? exitCodes.pass : exitCodes.incomplete,
      data: { model: model.id, variant, target: flags.target, cpuFlags: subject.cpuFlags, ...explanation },
      text: formatExplanation({ model: model.id, variant }, subject, explanation),
    };
  });
}

function profiledTarget(name: string): Target {
  const target = parseTarget(name);
  if (target.runner === 'onnxruntime') return target;
  const message = `The operators of ${name} cannot be timed; targets of onnxruntime are accepted.`;
  throw new AssayError('usage-invalid', message, { hint: 'assay list' });
}

async function requestOf(flags: ExplainFlags, model: Model, target: Target): Promise<ExplainRequest> {
  const data = await dataOf(model, flags);
  const { path, sha256 } = onnxOf(model);
  return {
    model: { path, sha256 },
    dataset: data?.dataset ?? null,
    target,
    batchSize: flags.batchSize,
    threads: flags.threads,
    shapes: Object.fromEntries((flags.shape ?? []).map(({ name, shape }) => [name, shape])),
    cacheDir: '.assay/variants',
    timeoutMs: flags.timeout * 1000,
  };
}
