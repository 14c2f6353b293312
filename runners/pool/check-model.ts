import type { Lanes } from './lanes.ts';
import { sharedSplit } from './shared-split.ts';
import type { CheckTask } from './task.ts';

/** Has a lane load a model, bind the dataset's inputs to it and look for the named output; throws where that fails. */
export async function checkModel(
  { artifact, target, dataset, output }: CheckTask,
  lanes: Lanes,
): Promise<null> {
  const { first: inputs } = await sharedSplit(dataset, lanes);
  const deviceIndex = target.settings.deviceIndexes[0] ?? 0;
  return lanes.run(() => ({ kind: 'load', model: { artifact, target, deviceIndex }, inputs, output }));
}
