/** Entry of a worker thread: one task in, one result out. */
import { importRunner } from '../registry.ts';
import type { Probe } from '../runner.ts';
import { evaluateCell } from './evaluate-cell.ts';
import type { EvaluateResult, ProbeTask, WorkerTask } from './task.ts';

/** Called by piscina under this name. */
export async function work(task: WorkerTask): Promise<Probe | EvaluateResult> {
  return task.kind === 'probe' ? probe(task) : evaluateCell(task);
}

async function probe({ target }: ProbeTask): Promise<Probe> {
  const runner = await importRunner(target.runner);
  return runner.probe(target.device);
}
