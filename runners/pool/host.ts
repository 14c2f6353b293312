/** Entry of the runner host: a child process whose worker threads run untrusted native code away from the CLI. */
import { Piscina } from 'piscina';
import { messageOf } from '../../core/errors.ts';
import { siblingModule } from '../../core/package-root.ts';
import type { HostReply, HostRequest, WorkerReply } from './task.ts';

const pool = new Piscina({
  filename: siblingModule(import.meta.url, './worker').href,
  name: 'work',
  maxThreads: Number(process.argv[2] ?? '1'),
});

process.on('message', (request: HostRequest) => {
  void answer(request).then((reply) => process.send?.(reply));
});
process.once('disconnect', () => process.exit());

async function answer({ number, task }: HostRequest): Promise<HostReply> {
  try {
    return { number, ...((await pool.run(task)) as WorkerReply) };
  } catch (thrown) {
    return { number, status: 'failed', reason: messageOf(thrown) };
  }
}
