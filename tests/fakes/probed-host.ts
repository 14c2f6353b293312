import { formatTarget } from '../../results/target-schema.ts';
import type { Limits } from '../../runners/limits.ts';
import type { Host, TaskOutcome } from '../../runners/pool/supervise.ts';
import type { ProbeTask, WorkerTask } from '../../runners/pool/task.ts';
import type { Probe } from '../../runners/runner.ts';

const works: Probe = { status: 'works', detail: 'fake', isSoftware: false };

export interface ProbedHost {
  host: Host;
  /** By target name, as asked. */
  limits: Map<string, Limits | undefined>;
  /** The most that were under way together. */
  mostAtATime: () => number;
  isClosed: () => boolean;
}

/** A host on which some targets hang until their time is up, and all others work. */
export function probedHost(hanging: readonly string[] = []): ProbedHost {
  const limits = new Map<string, Limits | undefined>();
  let [underWay, most, isClosed] = [0, 0, false];
  const probe = async ({ target }: ProbeTask, given?: Limits): Promise<TaskOutcome<Probe>> => {
    const name = formatTarget(target);
    limits.set(name, given);
    most = Math.max(most, ++underWay);
    await new Promise(setImmediate);
    underWay--;
    if (!hanging.includes(name)) return { status: 'done', result: works };
    const reason = `no result within ${given?.timeoutMs} ms`;
    return { status: 'failed', code: 'timeout', reason, stderrTail: null };
  };
  const run = ((task: WorkerTask, given?: Limits) => probe(task as ProbeTask, given)) as Host['run'];
  return {
    host: {
      run,
      close: () => {
        isClosed = true;
      },
      closed: () => Promise.resolve(),
    },
    limits,
    mostAtATime: () => most,
    isClosed: () => isClosed,
  };
}
