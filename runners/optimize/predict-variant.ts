import { AssayError } from '../../core/errors.ts';
import type { ModelFormat } from '../../models/format.ts';
import { baselineVariant, type VariantPlan } from '../../models/variant.ts';
import type { Variant } from '../../results/schema.ts';
import type { Target } from '../../suites/target.ts';
import type { Predictions } from '../../tasks/predictions.ts';
import { buildInHost } from '../build-in-host.ts';
import type { ModelData } from '../explain/model-data.ts';
import { failureOf, type Host } from '../pool/supervise.ts';

/** A model, the data that judge it, and where both are run. */
export interface Bench {
  model: { path: string; sha256: string };
  /** Of the variants. */
  format: ModelFormat;
  data: ModelData;
  target: Target;
  /** Where variants are made. */
  folder: string;
  host: Host;
  /** Of test samples, where not all are needed. */
  mostSamples?: number;
}

/** A variant as a file, and what it predicts; or why there is none. */
export type Predicted =
  | { status: 'predicted'; path: string; variant: Variant; predictions: Predictions }
  | { status: 'not-applicable'; reason: string }
  /** By scores that are no probabilities; a model that does not fit the data, or is none; else by a runtime or its process. */
  | { status: 'failed'; reason: string; by: 'scores' | 'model' | 'runtime' };

/** Makes a variant and predicts the test split with it. An error of the user's is thrown; how a process failed is an outcome. */
export async function predictVariant(plan: VariantPlan, bench: Bench): Promise<Predicted> {
  const { model, format, data, target, folder, host } = bench;
  const { dataset, task } = data;
  const request = { model, format, variant: plan, dataset, cacheDir: folder, gzip: false };
  const built = await buildInHost(request, host);
  if (built.status === 'not-applicable') return built;
  if (built.status !== 'built') return failed(built);
  const { sizeBytes } = built.variant;
  const made = { artifact: { format, path: built.path }, sizeBytes };
  const some = bench.mostSamples === undefined ? {} : { mostSamples: bench.mostSamples };
  const scoring = { task, metrics: [], level: 0.95, seed: 1 };
  const ended = await host.run({ kind: 'evaluate', target, ...made, dataset, ...scoring, ...some });
  if (ended.status !== 'done') return failed(ended);
  const { predictions } = ended.result;
  return { status: 'predicted', path: built.path, variant: built.variant, predictions };
}

function failed(outcome: Parameters<typeof failureOf>[0]): Predicted {
  const { reason } = failureOf(outcome);
  if (outcome.status !== 'refused') return { status: 'failed', reason, by: 'runtime' };
  return { status: 'failed', reason, by: outcome.error.code === 'scores-invalid' ? 'scores' : 'model' };
}

/** The baseline, without which nothing can be judged. Throws where it cannot be predicted with. */
export async function predictBaseline(bench: Bench): Promise<Extract<Predicted, { status: 'predicted' }>> {
  const found = await predictVariant({ name: baselineVariant, steps: [] }, bench);
  if (found.status === 'predicted') return found;
  const reason = found.reason.replace(/\.$/, '');
  const by = found.status === 'failed' ? found.by : 'model';
  const advice = by === 'scores' ? scoresAdvice(bench.data) : [];
  const hint = ['name other data by --dataset or --suite', ...advice].join(', or ');
  const message = `Model ${bench.model.path} cannot run on dataset ${bench.data.dataset}: ${reason}.`;
  throw new AssayError(by === 'model' ? 'model-invalid' : 'nothing-measured', message, { hint });
}

/** Of logits, anything would do: where they do not, it is not what the scores are taken for. */
export function scoresAdvice({ task, scoresBy }: Pick<ModelData, 'scoresBy' | 'task'>): string[] {
  if (!('scores' in task) || task.scores === 'logits') return [];
  const advice = {
    suite: 'let the suite say "scores": "logits" of its task, if that is what the model gives',
    user: 'give --scores logits rather than probabilities, if that is what the model gives',
    nobody: 'say by --scores logits what the model gives',
  } as const;
  return [advice[scoresBy]];
}
