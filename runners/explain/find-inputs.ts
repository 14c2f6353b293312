import { firstBatch } from '../../core/samples.ts';
import type { Tensors } from '../../core/tensor.ts';
import type { Shapes } from '../../models/explain/examined.ts';
import { bindInputs } from '../bind-inputs.ts';
import { calibrationData } from '../calibration-data.ts';
import { loadSettings } from '../load-settings.ts';
import { openedDataset } from '../pool/opened-dataset.ts';
import { importRunner } from '../registry.ts';
import type { Session } from '../runner.ts';
import { makeUpInputs } from './made-up-inputs.ts';
import type { InputsResult, InputsTask } from './tasks.ts';

/** Throws where the model does not load, or the data do not fit it. */
export async function findInputs(task: InputsTask): Promise<InputsResult> {
  const runner = await importRunner(task.target.runner);
  const session = await runner.load(task.artifact, loadSettings(task.target, { threads: 1 }));
  try {
    return await inputsFor(session, task);
  } finally {
    await session.close();
  }
}

async function inputsFor(
  session: Session,
  { dataset, batchSize, shapes }: InputsTask,
): Promise<InputsResult> {
  const areMadeUp = dataset === null || Object.keys(shapes).length > 0;
  const calibrated = dataset === null ? null : await calibratedShapes(dataset);
  if (areMadeUp)
    return { areMadeUp, calibrated, inputs: makeUpInputs(session.inputs, { batchSize, shapes }) };
  const { test } = await openedDataset(dataset);
  const { inputs } = await firstBatch(test, batchSize);
  bindInputs(session, inputs);
  return { areMadeUp, calibrated, inputs };
}

/** Shapes of the first batch of the calibration data; null where there is none. */
export async function calibratedShapes(dataset: string): Promise<Shapes | null> {
  for await (const batch of calibrationData(await openedDataset(dataset)).batches()) return shapesOf(batch);
  return null;
}

export function shapesOf(inputs: Tensors): Shapes {
  return Object.fromEntries(Object.entries(inputs).map(([name, { shape }]) => [name, shape]));
}
