import type { Warning } from '../../results/warning-schema.ts';
import { canFallBack } from './can-fall-back.ts';
import type { Lanes } from './lanes.ts';
import { sharedSplit } from './shared-split.ts';
import type { CheckTask } from './task.ts';

/**
 * Has a lane load a model, bind the dataset's inputs to it and look for the named output; throws where that fails. On a device beside
 * which the processor helps out, also has it called once, and tells for which nodes.
 */
export async function checkModel(
  { artifact, target, dataset, output }: CheckTask,
  lanes: Lanes,
): Promise<Warning[]> {
  const { first: inputs } = await sharedSplit(dataset, lanes);
  const model = { artifact, target, deviceIndex: target.settings.deviceIndexes[0] ?? 0 };
  await lanes.run(() => ({ kind: 'load', model, inputs, output }));
  return canFallBack(target) ? lanes.run(() => ({ kind: 'placement', model, inputs })) : [];
}
