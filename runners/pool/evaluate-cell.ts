import { firstBatch, type SampleStream } from '../../core/samples.ts';
import type { Tensors } from '../../core/tensor.ts';
import { decodeModelFile, readModelBytes } from '../../models/onnx/read.ts';
import type { Infer } from '../../tasks/batches.ts';
import { predict } from '../../tasks/task.ts';
import { batchDoubt, checkBatchInvariance, checkedSamples } from '../batch-invariance.ts';
import { bindInputs } from '../bind-inputs.ts';
import { loadSettings } from '../load-settings.ts';
import { importRunner } from '../registry.ts';
import { scorePredictions } from '../score-predictions.ts';
import { openedDataset } from './opened-dataset.ts';
import type { CheckTask, EvaluateResult, EvaluateTask } from './task.ts';

/** Samples a call while quality is evaluated; latency is measured elsewhere. */
const batchSize = 64;

/** Predicts the test split with one variant and scores it. */
export async function evaluateCell(task: EvaluateTask): Promise<EvaluateResult> {
  const { predictions, batchInvariance } = await predictTestSplit(task);
  const { metrics, warnings } = scorePredictions(predictions, task.metrics, task);
  return { predictions, batchInvariance, metrics, warnings: [...warnings, ...batchDoubt(batchInvariance)] };
}

/** Loads a model and binds the dataset's inputs to it; throws where that fails, an AssayError where the model is at fault. */
export async function checkModel(task: CheckTask): Promise<null> {
  const { path } = task.artifact;
  await decodeModelFile(await readModelBytes(path), path);
  return withSession(task, () => Promise.resolve(null));
}

function predictTestSplit(
  task: EvaluateTask,
): Promise<Pick<EvaluateResult, 'predictions' | 'batchInvariance'>> {
  const scores = task.task.kind === 'classification' ? task.task.scores : 'probabilities';
  return withSession(task, async (infer, { samples, first }) => ({
    predictions: await predict(task.task.kind, { infer, samples, batchSize, scores }),
    batchInvariance: await checkBatchInvariance(infer, first),
  }));
}

/** The test split, and the inputs of its first samples. */
interface TestSplit {
  samples: SampleStream;
  first: Tensors;
}

async function withSession<Result>(
  task: Pick<EvaluateTask, 'artifact' | 'dataset' | 'target'>,
  use: (infer: Infer, split: TestSplit) => Promise<Result>,
): Promise<Result> {
  const { test: samples } = await openedDataset(task.dataset);
  const { inputs: first } = await firstBatch(samples, checkedSamples);
  const runner = await importRunner(task.target.runner);
  const session = await runner.load(task.artifact, loadSettings(task.target, { threads: 1 }));
  try {
    return await use(bindInputs(session, first), { samples, first });
  } finally {
    await session.close();
  }
}
