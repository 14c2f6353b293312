import { AssayError, messageOf } from '../../core/errors.ts';
import { firstBatch } from '../../core/samples.ts';
import type { Tensors } from '../../core/tensor.ts';
import type { Shapes } from '../../models/explain/examined.ts';
import { bindInputs } from '../bind-inputs.ts';
import { calibrationData } from '../calibration-data.ts';
import { loadSettings } from '../load-settings.ts';
import { isOutOfMemory } from '../out-of-memory.ts';
import { openedDataset } from '../pool/opened-dataset.ts';
import { importRunner } from '../registry.ts';
import type { Session } from '../runner.ts';
import { makeUpInputs } from './made-up-inputs.ts';
import type { InputsResult, InputsTask } from './tasks.ts';

/** Throws `model-unloadable` where ONNX Runtime refuses the model, `dataset-invalid` where the data do not fit it. */
export async function findInputs(task: InputsTask): Promise<InputsResult> {
  const session = await loadedFrom(task);
  try {
    return await inputsFor(session, task);
  } finally {
    await session.close();
  }
}

/** Of a model that does not load no data are to blame. */
async function loadedFrom({ artifact, target }: InputsTask): Promise<Session> {
  const runner = await importRunner(target.runner);
  try {
    return await runner.load(artifact, loadSettings(target, { threads: 1 }));
  } catch (cause) {
    if (cause instanceof AssayError) throw cause;
    const reason = messageOf(cause).replace(/\.+$/, '');
    const message = `Model ${artifact.path} does not load in ONNX Runtime: ${reason}.`;
    throw new AssayError(isOutOfMemory(reason) ? 'nothing-measured' : 'model-unloadable', message, {
      hint: 'Export it with operators that ONNX Runtime 1.30 has kernels for.',
      cause,
    });
  }
}

async function inputsFor(
  session: Session,
  { dataset, batchSize, shapes }: InputsTask,
): Promise<InputsResult> {
  const { inputs: declared } = session;
  const areMadeUp = dataset === null || Object.keys(shapes).length > 0;
  const calibrated = dataset === null ? null : await calibratedShapes(dataset);
  if (areMadeUp)
    return { areMadeUp, calibrated, declared, inputs: makeUpInputs(declared, { batchSize, shapes }) };
  const { test } = await openedDataset(dataset);
  requireSamples(test.count, { dataset, batchSize });
  const { inputs } = await firstBatch(test, batchSize);
  requireFit(session, inputs, dataset);
  return { areMadeUp, calibrated, declared, inputs };
}

function requireSamples(count: number, asked: { dataset: string; batchSize: number }): void {
  if (asked.batchSize <= count) return;
  const message = `--batch-size is ${asked.batchSize}, and dataset ${asked.dataset} has ${count} test samples: at most ${count} are accepted.`;
  throw new AssayError('usage-invalid', message);
}

function requireFit(session: Session, inputs: Tensors, dataset: string): void {
  try {
    bindInputs(session, inputs);
  } catch (cause) {
    const message = `Dataset ${dataset} does not fit the model: ${messageOf(cause)}.`;
    throw new AssayError('dataset-invalid', message, {
      hint: 'Name other data by --dataset or --suite.',
      cause,
    });
  }
}

/** Shapes of the first batch of the calibration data; null where there is none. */
export async function calibratedShapes(dataset: string): Promise<Shapes | null> {
  const opened = await openedDataset(dataset);
  if (opened.train.count === 0) return null;
  for await (const batch of calibrationData(opened).batches()) return shapesOf(batch);
  return null;
}

export function shapesOf(inputs: Tensors): Shapes {
  return Object.fromEntries(Object.entries(inputs).map(([name, { shape }]) => [name, shape]));
}
