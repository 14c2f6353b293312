import { AssayError, messageOf } from '../../core/errors.ts';
import type { Warning } from '../../results/warning-schema.ts';
import { canFallBack } from './can-fall-back.ts';
import type { LoadedModel } from './lane-task.ts';
import type { Lanes } from './lanes.ts';
import { orderClasses, requireKnownClasses } from '../../tasks/class-order.ts';
import type { TaskOptions } from '../../tasks/task-options.ts';
import { sharedSplit, type SharedSplit } from './shared-split.ts';
import type { CheckTask } from './task.ts';

/**
 * Has a lane load a model and hold its inputs and outputs against the dataset; throws where they do not fit. On a device beside
 * which the processor helps out, also has it called once, and tells for which nodes.
 */
export async function checkModel(
  { artifact, target, dataset, task, timed }: CheckTask,
  lanes: Lanes,
): Promise<Warning[]> {
  const split = await sharedSplit(dataset, lanes);
  const { inputs, references } = split.first;
  const { deviceIndexes } = target.settings;
  const modelOf = (copy: number): LoadedModel => ({
    artifact,
    target,
    deviceIndex: deviceIndexes[copy] ?? deviceIndexes[0] ?? 0,
  });
  const fit = { samples: { inputs, references }, task, ...(timed === undefined ? {} : { timed }) };
  await lanes.run((copy) => ({ kind: 'load', model: modelOf(copy), ...fit }));
  await requireClasses(split, task);
  return canFallBack(target)
    ? lanes.run((copy) => ({ kind: 'placement', model: modelOf(copy), inputs }))
    : [];
}

/** Classes that a model lacks are in its way only where there are samples of them. */
async function requireClasses({ first, portions }: SharedSplit, task: TaskOptions): Promise<void> {
  if (task.kind !== 'classification' || first.references.kind !== 'classes') return;
  const order = orderClasses(first.references, task.labels);
  if (order.lacking.size === 0) return;
  for await (const { references, ids } of portions())
    if (references.kind === 'classes') refuseUnknown(references, ids, order);
}

function refuseUnknown(...samples: Parameters<typeof requireKnownClasses>): void {
  try {
    requireKnownClasses(...samples);
  } catch (cause) {
    throw new AssayError('model-invalid', messageOf(cause), {
      hint: 'Name the classes in the order of the model\'s output as "labels" of the task in the suite.',
      cause,
    });
  }
}
