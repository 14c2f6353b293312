import type { Tensors } from '../../core/tensor.ts';
import { advise } from '../../models/explain/advise.ts';
import { applyPasses } from '../../models/passes/apply.ts';
import type { CalibrationData } from '../../models/passes/calibration.ts';
import { stepsOn } from '../../models/variant.ts';
import { examinedAs, readModel } from './examine-variant.ts';
import type { ForeseeResult, ForeseeTask } from './tasks.ts';

/** Makes a variant of the inputs of one call, which is kept nowhere: which nodes passes reach does not hang on the data. */
export async function foreseeVariant(task: ForeseeTask): Promise<ForeseeResult> {
  const { file, steps, inputs, profile } = task;
  const calibration = inputs === null ? undefined : oneCall(inputs);
  const made = await applyPasses(await readModel(file), stepsOn({ steps }, 'onnx') ?? [], calibration);
  if ('reason' in made) return { status: 'not-applicable', reason: made.reason };
  const examined = await examinedAs(made.model, task, { baseline: profile, variant: null });
  return { status: 'made', advice: advise(examined) };
}

function oneCall(inputs: Tensors): CalibrationData {
  return {
    description: 'one call',
    hash: 'one-call',
    batches: async function* () {
      yield await Promise.resolve(inputs);
    },
  };
}
