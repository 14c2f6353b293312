/** Entry of a timed child process: one request in, one reply out, nothing printed. */
import { messageOf } from '../../core/errors.ts';
import { importRunner } from '../registry.ts';
import type { TimedReply, TimedRequest } from './request.ts';
import { timeContenders } from './time-contenders.ts';

process.once('message', (request: TimedRequest) => {
  void answer(request).then((reply) => {
    process.send?.(reply, () => {
      process.disconnect();
    });
  });
});

async function answer(request: TimedRequest): Promise<TimedReply> {
  try {
    const runner = await importRunner(request.target.runner);
    return { status: 'ok', ...(await timeContenders(request, { runner })) };
  } catch (thrown) {
    return { status: 'error', reason: messageOf(thrown) };
  }
}
