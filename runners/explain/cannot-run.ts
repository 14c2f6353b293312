import { shownTensor } from '../../core/bind-tensors.ts';
import { AssayError } from '../../core/errors.ts';
import type { Tensors, TensorSpec } from '../../core/tensor.ts';

/** What a model was to be called on. */
export interface Called {
  model: { path: string };
  dataset: string | null;
  inputs: Tensors;
  areMadeUp: boolean;
  /** Inputs as the model declares them. */
  declared: readonly TensorSpec[];
}

/** How ONNX Runtime begins where a kernel refuses what it is called on. */
const refusal = 'Non-zero status code returned while running';

/**
 * That a model does not run. Data of its own that a node of it refuses are `dataset-invalid`: an axis that is declared to take any size
 * may take one all the same. Whatever else went wrong could not be measured here.
 */
export function cannotRun(called: Called, reason: string): AssayError {
  const { model, dataset, areMadeUp } = called;
  const isOfData = dataset !== null && !areMadeUp;
  if (isOfData && reason.startsWith(refusal))
    return new AssayError(
      'dataset-invalid',
      `Model ${model.path} cannot run on dataset ${dataset}: ${shapesOfBoth(called)}: ${reason}`,
      { hint: 'Name other data by --dataset or --suite.' },
    );
  const on = isOfData ? `on dataset ${dataset}` : 'on inputs made up for it';
  return new AssayError('nothing-measured', `Model ${model.path} cannot run ${on}: ${reason}.`, {
    hint: 'Name other data by --dataset, or the shape of an input by --shape name=1x16.',
  });
}

function shapesOfBoth({ inputs, declared }: Pick<Called, 'inputs' | 'declared'>): string {
  const data = Object.entries(inputs).map(
    ([name, { type, shape }]) => `"${name}" ${shownTensor(type, shape)}`,
  );
  const model = declared.map(({ name, type, shape }) => `"${name}" ${shownTensor(type, shape)}`);
  return `its samples are ${data.join(', ')}, where the model declares ${model.join(', ')}`;
}
