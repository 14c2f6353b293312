import type { Lanes } from './lanes.ts';
import { perform } from './perform.ts';

/** One lane that is the thread it is called in. */
export const ownThread: Lanes = {
  count: 1,
  run: async (task) => await perform(task(0)),
};
