import { AssayError } from '../core/errors.ts';
import type { Model } from '../models/manifest.ts';
import { parseTarget } from '../suites/target.ts';
import type { PlannedSuite } from './plan.ts';
import type { Host } from './pool/supervise.ts';

/** A model that is whole and fits, as far as could be told, but was not loaded here, and why. */
export interface UnloadedModel {
  path: string;
  reason: string;
}

const checkedOn = parseTarget('onnxruntime/cpu');

/**
 * Loads every baseline that ONNX Runtime is to run once and holds its inputs against the dataset. Throws `model-invalid` or
 * `not-found` for the first that is not a model or does not fit, before anything is measured. A crash, too much time or memory,
 * or an operator the runtime lacks may be no fault of the model: such are given back, and are an outcome of their cells.
 */
export async function checkModels(planned: readonly PlannedSuite[], host: Host): Promise<UnloadedModel[]> {
  const onOnnxruntime = planned.filter(({ groups }) =>
    groups.some(({ target }) => target.runner === checkedOn.runner),
  );
  const checked = onOnnxruntime.flatMap((suite) =>
    suite.models.map((model) => checkModel(suite, model, host)),
  );
  return (await Promise.all(checked)).filter((found) => found !== null);
}

async function checkModel(
  { loaded }: PlannedSuite,
  { onnx }: Model,
  host: Host,
): Promise<UnloadedModel | null> {
  const { dataset } = loaded.suite;
  const artifact = { format: 'onnx', path: onnx.path } as const;
  const outcome = await host.run({ kind: 'check', target: checkedOn, artifact, dataset });
  if (outcome.status === 'refused') throw misfit(outcome.error, onnx.path, loaded.suite);
  return outcome.status === 'done' ? null : { path: onnx.path, reason: outcome.reason };
}

/** Most errors name the file already. */
function misfit(
  error: AssayError,
  path: string,
  { id, dataset }: { id: string; dataset: string },
): AssayError {
  if (error.message.includes(path)) return error;
  const message = `Model ${path} cannot run on dataset ${dataset} of suite ${id}: ${error.message}.`;
  return new AssayError(error.code, message, { hint: 'assay list', cause: error });
}
