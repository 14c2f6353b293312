import type { Lanes } from './lanes.ts';
import { sharedSplit } from './shared-split.ts';
import type { CheckTask } from './task.ts';

/** Has a lane load a model and bind the dataset's inputs to it; throws where that fails. */
export async function checkModel({ artifact, target, dataset }: CheckTask, lanes: Lanes): Promise<null> {
  const { first: inputs } = await sharedSplit(dataset);
  const deviceIndex = target.settings.deviceIndexes[0] ?? 0;
  return lanes.run(() => ({ kind: 'load', model: { artifact, target, deviceIndex }, inputs }));
}
