/** Entry of a worker thread: one task in, one reply out. */
import { AssayError } from '../../core/errors.ts';
import { importRunner } from '../registry.ts';
import type { Probe } from '../runner.ts';
import type { ProbeTask, ResultOf, WorkerReply, WorkerTask } from './task.ts';

/** Called by piscina under this name. */
export async function work(task: WorkerTask): Promise<WorkerReply> {
  try {
    return { status: 'done', result: await resultOf(task) };
  } catch (thrown) {
    // Between threads an error loses its code and hint.
    if (!(thrown instanceof AssayError)) throw thrown;
    return { status: 'refused', code: thrown.code, message: thrown.message, hint: thrown.hint ?? null };
  }
}

async function resultOf(task: WorkerTask): Promise<ResultOf<WorkerTask>> {
  switch (task.kind) {
    case 'probe':
      return probe(task);
    case 'build':
      return (await import('./build-variant.ts')).buildOnDataset(task);
    case 'check':
      return (await import('./evaluate-cell.ts')).checkModel(task);
    case 'evaluate':
      return (await import('./evaluate-cell.ts')).evaluateCell(task);
  }
}

async function probe({ target }: ProbeTask): Promise<Probe> {
  const runner = await importRunner(target.runner);
  return runner.probe(target.device);
}
