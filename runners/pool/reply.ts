import { AssayError, messageOf, type ErrorCode } from '../../core/errors.ts';

/** What a thread or process answers. `refused` is an AssayError in parts: between them an error loses its code and hint. */
export type Reply<Result> =
  | { status: 'done'; result: Result }
  | { status: 'refused'; code: ErrorCode; message: string; hint: string | null }
  | { status: 'failed'; reason: string };

/** Does something and tells how it ended; throws nothing. */
export async function replyOf<Result>(work: () => Promise<Result>): Promise<Reply<Result>> {
  try {
    return { status: 'done', result: await work() };
  } catch (thrown) {
    if (!(thrown instanceof AssayError)) return { status: 'failed', reason: messageOf(thrown) };
    return { status: 'refused', code: thrown.code, message: thrown.message, hint: thrown.hint ?? null };
  }
}

/** The result of a reply; throws what was thrown on the other side. */
export function resultOf<Result>(reply: Reply<Result>): Result {
  if (reply.status === 'done') return reply.result;
  if (reply.status === 'failed') throw new Error(reply.reason);
  throw new AssayError(reply.code, reply.message, reply.hint === null ? {} : { hint: reply.hint });
}
