import type { VariantPlan } from '../../models/variant.ts';
import { comparePredictions } from '../../tasks/compare/compare-predictions.ts';
import type { Comparison } from '../../tasks/compare/comparison.ts';
import { outputDistance, type OutputDistance } from '../../tasks/compare/output-distance.ts';
import { metricById } from '../../tasks/metrics/registry.ts';
import type { Predictions } from '../../tasks/predictions.ts';
import { buildInHost } from '../build-in-host.ts';
import { failureOf, type Host } from '../pool/supervise.ts';
import type { Subject } from '../explain/subject.ts';
import { withBriefFolder } from './brief-folder.ts';
import { predictBaseline, predictVariant, type Bench } from './predict-variant.ts';

/** What a variant costs in quality. */
export interface Cost {
  /** The metric beside the baseline's, paired, with its interval; null where there is no dataset, or the metric is undefined. */
  comparison: Comparison | null;
  /** How far outputs moved, right or wrong; null where they are not finite. */
  distance: number | null;
}

/** Scores variants of one model. */
export interface Scorer {
  /** What `distance` is of. */
  distanceName: string;
  score: (plan: VariantPlan) => Promise<Cost | { reason: string }>;
}

const alpha = 0.05;
const seed = 1;

const distanceNames = {
  regression: 'root mean square of the change of a value',
  classification: 'KL divergence, nats a sample',
  multilabel: 'root mean square of the change of a score',
  ranking: 'root mean square of the change of a score',
  tagging: 'share of tags that changed',
  generation: 'root mean square of the change of loss, nats a token',
} as const;

/** Scores on the test split of a dataset, or on some samples of it. Throws where the baseline does not run on it. */
export async function scorerOnData(bench: Bench): Promise<Scorer> {
  const { predictions: baseline } = await predictBaseline(bench);
  return {
    distanceName: distanceNames[bench.data.task.kind],
    score: (plan) =>
      withBriefFolder(bench.folder, async (folder) => {
        const found = await predictVariant(plan, { ...bench, folder });
        if (found.status !== 'predicted') return { reason: found.reason };
        return costOf({ baseline, variant: found.predictions }, bench);
      }),
  };
}

function costOf(
  { baseline, variant }: { baseline: Predictions; variant: Predictions },
  { data }: Pick<Bench, 'data'>,
): Cost {
  const metric = metricById(data.metric, data.task.kind);
  const margin = { kind: 'absolute', value: 0 } as const;
  const { distance } = outputDistance(baseline, variant, 1 - alpha);
  return {
    comparison: comparePredictions({ metric, baseline, variant, margin, alpha, seed }),
    distance: distance === null ? null : distanceNumber(distance),
  };
}

function distanceNumber(found: OutputDistance): number {
  switch (found.kind) {
    case 'regression':
      return found.values.rootMeanSquare;
    case 'classification':
      return found.klDivergence;
    case 'multilabel':
    case 'ranking':
      return found.scores.rootMeanSquare;
    case 'tagging':
      return found.changedTags;
    case 'generation':
      return found.lossPerToken.rootMeanSquare;
  }
}

/** Scores by how much the outputs move on the inputs at hand, where no dataset says what is right. */
export function scorerOnInputs(subject: Subject, host: Host): Scorer {
  return {
    distanceName: 'root mean square of the change of an output over that of the output',
    score: (plan) =>
      withBriefFolder(subject.cacheDir, (cacheDir) => noiseOf(plan, { ...subject, cacheDir }, host)),
  };
}

async function noiseOf(
  plan: VariantPlan,
  { model, target, inputs, dataset, cacheDir }: Subject,
  host: Host,
): Promise<Cost | { reason: string }> {
  const built = await buildInHost({ model, variant: plan, dataset, cacheDir, gzip: false }, host);
  if (built.status === 'not-applicable') return { reason: built.reason };
  if (built.status !== 'built') return { reason: failureOf(built).reason };
  const artifacts = { baseline: onnx(model.path), variant: onnx(built.path) };
  const outcome = await host.run({ kind: 'noise', target, artifacts, inputs });
  if (outcome.status !== 'done') return { reason: failureOf(outcome).reason };
  return { comparison: null, distance: outcome.result };
}

function onnx(path: string): { format: 'onnx'; path: string } {
  return { format: 'onnx', path };
}
