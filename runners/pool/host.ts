/** Entry of the runner host: a child process whose worker threads run untrusted native code away from the CLI. */
import { availableParallelism } from 'node:os';
import { keepCompiled } from '../../core/compile-cache.ts';
import type { RunnerKind } from '../../suites/target.ts';
import { replyOf } from './reply.ts';
import type { HostReply, HostRequest, ResultOf, WorkerTask } from './task.ts';
import { startThreadLanes } from './thread-lanes.ts';

const [workers = '1', ...runners] = process.argv.slice(2);
const lanes = startThreadLanes(Number(workers));
if (runners.length > 0) loadAhead(runners as RunnerKind[]);

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

/**
 * Has this thread and a lane a core load what evaluates while nothing is asked of them: more would only wait for each other. What fails
 * here is told where it is used.
 */
function loadAhead(kinds: readonly RunnerKind[]): void {
  const loading = Array.from({ length: Math.min(lanes.count, availableParallelism()) }, () =>
    lanes.run(() => ({ kind: 'load-code', runners: kinds })),
  );
  void Promise.allSettled([...loading, import('./evaluate-cell.ts')]).then(keepCompiled);
}

/** The code of each is loaded when it is asked for: lanes start meanwhile. */
async function perform(task: WorkerTask): Promise<ResultOf<WorkerTask>> {
  switch (task.kind) {
    case 'evaluate':
      return (await import('./evaluate-cell.ts')).evaluateCell(task, lanes);
    case 'score-stored':
      return (await import('./score-stored.ts')).scoreStored(task, lanes);
    case 'check':
      return (await import('./check-model.ts')).checkModel(task, lanes);
    case 'build':
    case 'examine':
    case 'foresee':
    case 'inputs':
    case 'noise':
    case 'probe':
    case 'profile':
      return lanes.run(() => task);
  }
}
