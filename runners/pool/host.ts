/** Entry of the runner host: a child process whose worker threads run untrusted native code away from the CLI. */
import { keepCompiled } from '../../core/compile-cache.ts';
import { checkModel } from './check-model.ts';
import { evaluateCell } from './evaluate-cell.ts';
import { replyOf } from './reply.ts';
import { scoreStored } from './score-stored.ts';
import type { HostReply, HostRequest, ResultOf, WorkerTask } from './task.ts';
import { startThreadLanes } from './thread-lanes.ts';

const lanes = startThreadLanes(Number(process.argv[2] ?? '1'));

process.on('message', (request: HostRequest) => {
  void answer(request).then((reply) => process.send?.(reply));
});
// An exit in order would wait for threads in native code, which may never come back.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));

async function answer({ number, task }: HostRequest): Promise<HostReply> {
  const reply = await replyOf(() => perform(task));
  keepCompiled();
  return { number, ...reply };
}

function perform(task: WorkerTask): Promise<ResultOf<WorkerTask>> {
  switch (task.kind) {
    case 'evaluate':
      return evaluateCell(task, lanes);
    case 'score-stored':
      return scoreStored(task, lanes);
    case 'check':
      return checkModel(task, lanes);
    case 'build':
    case 'examine':
    case 'inputs':
    case 'noise':
    case 'probe':
    case 'profile':
      return lanes.run(() => task);
  }
}
