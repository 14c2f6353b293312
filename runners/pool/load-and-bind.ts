import { AssayError } from '../../core/errors.ts';
import { readSound } from '../../models/onnx/check.ts';
import { readTfjsModel } from '../../models/tfjs/read.ts';
import { bindInputs } from '../bind-inputs.ts';
import { loadSettings } from '../load-settings.ts';
import { importRunner } from '../registry.ts';
import type { Session } from '../runner.ts';
import type { LoadTask } from './lane-task.ts';

/** Throws an AssayError where the file is at fault, and otherwise what the runtime says. */
export async function loadAndBind({ model, inputs, output }: LoadTask): Promise<null> {
  const { artifact, target, deviceIndex } = model;
  if (artifact.format === 'tfjs') await readTfjsModel(artifact.path);
  else await readSound(artifact.path);
  const runner = await importRunner(target.runner);
  const session = await runner.load(artifact, loadSettings(target, { threads: 1, deviceIndex }));
  try {
    bindInputs(session, inputs);
    requireOutput(session, output);
    return null;
  } finally {
    await session.close();
  }
}

function requireOutput({ outputs }: Session, named: string | undefined): void {
  const names = outputs.map(({ name }) => name);
  if (named === undefined || names.includes(named)) return;
  throw new AssayError('model-invalid', `the model has no output "${named}"; it has: ${names.join(', ')}`);
}
