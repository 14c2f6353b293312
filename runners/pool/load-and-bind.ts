import { AssayError, messageOf } from '../../core/errors.ts';
import type { Tensors } from '../../core/tensor.ts';
import { requireBatches } from '../asked-batches.ts';
import { bindInputs } from '../bind-inputs.ts';
import { loadSettings } from '../load-settings.ts';
import { importRunner } from '../registry.ts';
import type { Artifact, Session } from '../runner.ts';
import { declaredMisfit, type Declared } from '../../tasks/declared-outputs.ts';
import type { LoadTask } from './lane-task.ts';

/** Throws an AssayError where the file is at fault, and otherwise what the runtime says. */
export async function loadAndBind({ model, samples, task, timed }: LoadTask): Promise<null> {
  const { artifact, target, deviceIndex } = model;
  await requireSound(artifact);
  const runner = await importRunner(target.runner);
  const session = await runner.load(artifact, loadSettings(target, { threads: 1, deviceIndex }));
  try {
    const call = bindInputs(session, samples.inputs);
    requireOutput(session, task.output);
    const { references } = samples;
    const misfit = misfitOf({ outputs: session.outputs, task, references });
    if (misfit !== null && !(await fitsWhenCalled(() => call(samples.inputs), { task, references })))
      throw misfitError(misfit);
    if (timed !== undefined) requireBatches(session.inputs, timed);
    return null;
  } finally {
    await session.close();
  }
}

async function requireSound({ format, path }: Artifact): Promise<void> {
  if (format === 'tfjs') await (await import('../../models/tfjs/read.ts')).readTfjsModel(path);
  else await (await import('../../models/onnx/check.ts')).readSound(path);
}

function requireOutput({ outputs }: Session, named: string | undefined): void {
  const names = outputs.map(({ name }) => name);
  if (named === undefined || names.includes(named)) return;
  throw new AssayError('model-invalid', `the model has no output "${named}"; it has: ${names.join(', ')}`, {
    hint: 'Name one of these as "output" of the task in the suite, or none where one alone fits.',
  });
}

/** Exporters of trees declare one number a row of models that give several: what a model gives counts for more than what it declares. */
async function fitsWhenCalled(
  call: () => Promise<Tensors>,
  asked: Pick<Declared, 'task' | 'references'>,
): Promise<boolean> {
  const given = await call().catch(() => null);
  if (given === null) return false;
  const outputs = Object.entries(given).map(([name, { type, shape }]) => ({
    ...{ name, type },
    shape: [null, ...shape.slice(1)],
  }));
  return misfitOf({ ...asked, outputs }) === null;
}

function misfitError(misfit: string): AssayError {
  return new AssayError('model-invalid', misfit, {
    hint: 'Give a dataset with the target that the model was made for, or the "output" or the "labels" of the task in the suite.',
  });
}

function misfitOf(declared: Declared): string | null {
  try {
    return declaredMisfit(declared);
  } catch (thrown) {
    return messageOf(thrown);
  }
}
