/** Entry of a lane: a worker thread that gets a task and gives a reply. */
import { keepCompiled } from '../../core/compile-cache.ts';
import { perform } from './perform.ts';
import type { LaneResultOf, LaneTask } from './lane-task.ts';
import { replyOf, type Reply } from './reply.ts';

/** Called by piscina under this name. */
export async function work(task: LaneTask): Promise<Reply<LaneResultOf<LaneTask>>> {
  const reply = await replyOf(() => perform(task));
  keepCompiled();
  return reply;
}
