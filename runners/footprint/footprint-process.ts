/** Entry of a process that runs one variant and nothing else: one request in, one reply out, nothing printed. */
import { messageOf } from '../../core/errors.ts';
import { importRunner } from '../registry.ts';
import type { FootprintReply, FootprintRequest } from './request.ts';
import { runAlone } from './run-alone.ts';

process.once('message', (request: FootprintRequest) => {
  void answer(request).then((reply) => {
    process.send?.(reply, () => {
      process.disconnect();
    });
  });
});

async function answer(request: FootprintRequest): Promise<FootprintReply> {
  try {
    const runner = await importRunner(request.target.runner);
    return { status: 'ok', ...(await runAlone(request, { runner })) };
  } catch (thrown) {
    return { status: 'error', reason: messageOf(thrown) };
  }
}
