import type { Samples } from '../../core/samples.ts';
import { loadDataset, type LoadedDataset } from '../../datasets/load.ts';
import type { MetricValue, Warning } from '../../results/schema.ts';
import { metricInterval } from '../../tasks/compare/metric-interval.ts';
import type { Figure, Metric } from '../../tasks/metric.ts';
import { metricById } from '../../tasks/metrics/registry.ts';
import type { Predictions } from '../../tasks/predictions.ts';
import type { Infer } from '../../tasks/batches.ts';
import { predict } from '../../tasks/task.ts';
import { bindInputs } from '../bind-inputs.ts';
import { importRunner } from '../registry.ts';
import type { CheckTask, EvaluateResult, EvaluateTask } from './task.ts';

/** Samples a call while quality is evaluated; latency is measured elsewhere. */
const batchSize = 64;

const datasets = new Map<string, Promise<LoadedDataset>>();

/** Predicts the test split with one variant and scores it. */
export async function evaluateCell(task: EvaluateTask): Promise<EvaluateResult> {
  const predictions = await predictTestSplit(task);
  const figures = task.metrics.map((id) => {
    const metric = metricById(id, task.task.kind);
    return { metric, figure: metric.compute(predictions) };
  });
  return {
    predictions,
    metrics: figures.map(({ metric, figure }) => toMetricValue(metric, figure, { predictions, task })),
    warnings: figures.flatMap(({ metric, figure }) => figure.doubts.map((doubt) => toWarning(metric, doubt))),
  };
}

/** Loads a model and binds the dataset's inputs to it; throws where that fails. */
export async function checkModel(task: CheckTask): Promise<null> {
  return withSession(task, () => Promise.resolve(null));
}

function predictTestSplit(task: EvaluateTask): Promise<Predictions> {
  const scores = task.task.kind === 'classification' ? task.task.scores : 'probabilities';
  return withSession(task, (infer, samples) =>
    predict(task.task.kind, { infer, samples, batchSize, scores }),
  );
}

async function withSession<Result>(
  task: Pick<EvaluateTask, 'artifact' | 'dataset' | 'target'>,
  use: (infer: Infer, samples: Samples) => Promise<Result>,
): Promise<Result> {
  const { test: samples } = await datasetOf(task.dataset);
  const runner = await importRunner(task.target.runner);
  const session = await runner.load(task.artifact, { device: task.target.device, threads: 1 });
  try {
    return await use(bindInputs(session, samples.inputs), samples);
  } finally {
    await session.close();
  }
}

/** A worker evaluates many cells of one dataset; it is read and checked once. */
function datasetOf(reference: string): Promise<LoadedDataset> {
  const known = datasets.get(reference) ?? loadDataset(reference);
  datasets.set(reference, known);
  return known;
}

function toMetricValue(
  metric: Metric,
  figure: Figure,
  { predictions, task }: { predictions: Predictions; task: EvaluateTask },
): MetricValue {
  const { id, label, unit, direction, oracle } = metric;
  const interval =
    figure.value === null
      ? null
      : metricInterval(metric, predictions, { level: task.level, seed: task.seed });
  return { id, label, unit, direction, oracle, value: figure.value, reason: figure.reason, interval };
}

function toWarning(metric: Metric, detail: string): Warning {
  const advice = 'read this figure with care; docs/metrics.md tells when it misleads';
  return { code: 'ill-conditioned', detail: `${metric.label}: ${detail}`, advice };
}
