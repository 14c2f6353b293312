import { bindTensors } from '../../core/bind-tensors.ts';
import type { Samples, SampleStream } from '../../core/samples.ts';
import type { Tensors } from '../../core/tensor.ts';
import { inBatches } from '../../core/in-batches.ts';
import { sum } from '../../core/statistics/summary.ts';
import type { BatchInvariance } from '../../results/quality-schema.ts';
import type { Predictions } from '../../tasks/predictions.ts';
import { predict } from '../../tasks/task.ts';
import { checkBatchInvariance } from '../batch-invariance.ts';
import { bindInputs } from '../bind-inputs.ts';
import { callsAtATime, inCalls } from '../in-calls.ts';
import { loadSettings } from '../load-settings.ts';
import { importRunner } from '../registry.ts';
import type { Session } from '../runner.ts';
import type { InvarianceTask, LoadedModel, OpenTask, PredictTask } from './lane-task.ts';
import { withSamples } from './with-samples.ts';

/** Calls the model with each batch by itself: it may depend on who is in a batch, so the same are together whatever the lanes. */
export async function predictBatches(asked: PredictTask): Promise<Predictions> {
  const { model, task, batches, batchSize, stretch } = asked;
  const [first] = batches;
  if (first === undefined) throw new Error('internal: no samples to predict');
  const session = await sessionOf(model);
  const call = bindInputs(session, first.inputs);
  const calls = task.kind === 'generation' ? 1 : callsAtATime(session.outputs, batchSize);
  const infer = (inputs: Tensors): Promise<Tensors> => inCalls(call, inputs, batchSize);
  const samples = streamOf(batches);
  try {
    return await predict({ task, infer, samples, batchSize: calls * batchSize, stretch });
  } catch (cause) {
    throw withSamples(cause, batches, bindTensors(session.inputs, first.inputs));
  }
}

/** What is wrong with the model is told again by whoever uses it. */
export async function openModel({ model }: OpenTask): Promise<null> {
  await sessionOf(model);
  return null;
}

export async function compareBatchSizes({ model, inputs }: InvarianceTask): Promise<BatchInvariance> {
  return checkBatchInvariance(bindInputs(await sessionOf(model), inputs), inputs);
}

function streamOf(batches: readonly Samples[]): SampleStream {
  return {
    count: sum(batches.map(({ ids }) => ids.length)),
    batches: (size) => batches.flatMap((some) => [...inBatches(some, size)]),
  };
}

let kept: { key: string; session: Promise<Session> } | null = null;

/** The session of this thread, opened anew where the model is another one than before. */
async function sessionOf(model: LoadedModel): Promise<Session> {
  const key = JSON.stringify(model);
  if (kept?.key !== key) {
    const before = kept;
    kept = { key, session: openAfter(before?.session, model) };
  }
  return kept.session;
}

/** Gives up the session of this thread, so that a card has room for another. */
export async function closeKept(): Promise<null> {
  const before = kept;
  kept = null;
  await close(before?.session);
  return null;
}

async function close(session: Promise<Session> | undefined): Promise<void> {
  await session?.then(
    (opened) => opened.close(),
    () => null,
  );
}

/** Two models at a time would need the memory of both. */
async function openAfter(before: Promise<Session> | undefined, model: LoadedModel): Promise<Session> {
  await close(before);
  const { artifact, target, deviceIndex } = model;
  const runner = await importRunner(target.runner);
  return runner.load(artifact, loadSettings(target, { threads: 1, deviceIndex }));
}
