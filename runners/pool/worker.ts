/** Entry of a worker thread: one task in, one result out. */
import { importRunner } from '../registry.ts';
import type { Probe } from '../runner.ts';
import type { ProbeTask, ResultOf, WorkerTask } from './task.ts';

/** Called by piscina under this name. */
export async function work(task: WorkerTask): Promise<ResultOf<WorkerTask>> {
  if (task.kind === 'probe') return probe(task);
  const { checkModel, evaluateCell } = await import('./evaluate-cell.ts');
  return task.kind === 'check' ? checkModel(task) : evaluateCell(task);
}

async function probe({ target }: ProbeTask): Promise<Probe> {
  const runner = await importRunner(target.runner);
  return runner.probe(target.device);
}
