import { messageOf } from '../core/errors.ts';

/** What a process that was asked one question sends back. */
export type Reply<Answer> = ({ status: 'ok' } & Answer) | { status: 'error'; reason: string };

/**
 * The whole of a process that `askChild` starts: one request in, one reply out, nothing printed. An error is a reply; the
 * process ends once its parent has had a look at it after the reply, and no later than its parent.
 */
export function answerOnce(answer: (request: never) => Promise<object>): void {
  process.once('disconnect', () => process.exit());
  process.once('message', (request) => {
    // A parent that ends the channel itself hears no `close` of the process.
    process.once('message', () => {
      process.disconnect();
    });
    void replyTo(() => answer(request as never)).then((reply) => {
      process.send?.(reply);
    });
  });
}

async function replyTo(answer: () => Promise<object>): Promise<Reply<object>> {
  try {
    return { status: 'ok', ...(await answer()) };
  } catch (thrown) {
    return { status: 'error', reason: messageOf(thrown) };
  }
}
