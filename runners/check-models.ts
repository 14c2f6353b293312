import { AssayError } from '../core/errors.ts';
import type { ModelFormat } from '../models/format.ts';
import type { Suite } from '../suites/schema.ts';
import { formatOfRunner, parseTarget } from '../suites/target.ts';
import type { ProcessFailure } from './child.ts';
import type { Limits } from './limits.ts';
import type { PlannedSuite } from './plan.ts';
import type { Host } from './pool/supervise.ts';
import type { TaskOptions } from '../tasks/task-options.ts';
import { taskOf } from './task-of.ts';

/** A model that is whole and fits, as far as could be told, but was not loaded here, and why. */
export interface UnloadedModel extends Pick<ProcessFailure, 'code' | 'reason'> {
  path: string;
}

/** Targets that run on every machine. */
export const checkedOn = { onnx: parseTarget('onnxruntime/cpu'), tfjs: parseTarget('tfjs/wasm') } as const;

/** A file of a model that a suite's targets are to run. */
interface Checked {
  suite: PlannedSuite['loaded']['suite'];
  format: ModelFormat;
  path: string;
  task: TaskOptions;
}

/**
 * Loads every baseline once in each format that a suite's targets run and holds its inputs and outputs against the dataset. Throws
 * `model-invalid` or `not-found` for the first that is not a model or does not fit, before anything is measured. A crash, too much
 * time or memory, or an operator the runtime lacks may be no fault of the model: such are given back, and are an outcome of their
 * cells. `limits` are those of the host where none are given.
 */
export async function checkModels(
  planned: readonly PlannedSuite[],
  host: Host,
  limits?: (suite: Suite) => Limits,
): Promise<UnloadedModel[]> {
  const checked = planned.flatMap(filesOf).map((file) => checkModel(file, host, limits?.(file.suite)));
  return (await Promise.all(checked)).filter((found) => found !== null);
}

function filesOf({ loaded: { suite }, groups, models }: PlannedSuite): Checked[] {
  const formats = [...new Set(groups.map(({ target }) => formatOfRunner[target.runner]))];
  return models.flatMap((model) =>
    formats.flatMap((format) => {
      const file = model[format];
      return file === null
        ? []
        : [{ suite, format, path: file.path, task: taskOf(suite.task, model, format) }];
    }),
  );
}

async function checkModel(
  { suite, format, path, task: read }: Checked,
  host: Host,
  limits: Limits | undefined,
): Promise<UnloadedModel | null> {
  const artifact = { format, path };
  const task = {
    kind: 'check',
    target: checkedOn[format],
    artifact,
    dataset: suite.dataset,
    task: read,
    timed: { timing: suite.timing, scenarios: suite.scenarios },
  } as const;
  const outcome = await host.run(task, limits);
  if (outcome.status === 'refused') throw misfit(outcome.error, path, suite);
  return outcome.status === 'done' ? null : { path, code: outcome.code, reason: outcome.reason };
}

const fitHint =
  'Give a dataset with the types and shapes that the model takes, or export the model with those of the data.';

/** Most errors name the file already. */
function misfit(
  error: AssayError,
  path: string,
  { id, dataset }: { id: string; dataset: string },
): AssayError {
  if (error.message.includes(path)) return error;
  const why = error.message.replace(/\.$/, '');
  const message = `Model ${path} cannot run on dataset ${dataset} of suite ${id}: ${why}.`;
  return new AssayError(error.code, message, { hint: error.hint ?? fitHint, cause: error });
}
