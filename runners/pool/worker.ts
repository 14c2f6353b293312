/** Entry of a lane: a worker thread that gets a task and gives a reply. */
import { perform } from './perform.ts';
import type { LaneResultOf, LaneTask } from './lane-task.ts';
import { replyOf, type Reply } from './reply.ts';

/** Called by piscina under this name. */
export function work(task: LaneTask): Promise<Reply<LaneResultOf<LaneTask>>> {
  return replyOf(() => perform(task));
}
