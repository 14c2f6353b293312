import type { ProcessFailure } from './child.ts';
import { CellEvaluation, type KeptPredictions } from './cell-evaluation.ts';
import type { Host } from './pool/supervise.ts';
import type { PreparedCell, PreparedGroup } from './prepare-cells.ts';
import type { RunContext } from './run-context.ts';

/** By cell id, of the cells that were measured. */
export type PredictionsByCell = ReadonlyMap<string, KeptPredictions>;

/** By cell id, of the cells that could not be evaluated. */
export type FailuresByCell = ReadonlyMap<string, ProcessFailure>;

/** What came of the quality of a run's cells. */
export interface Quality {
  predictions: PredictionsByCell;
  failures: FailuresByCell;
}

/** Evaluates all cells over the host's workers; each record is saved as soon as it is there. */
export async function evaluateCells(
  groups: readonly PreparedGroup[],
  host: Host,
  context: RunContext,
): Promise<Quality> {
  const predictions = new Map<string, KeptPredictions>();
  const failures = new Map<string, ProcessFailure>();
  const evaluation = new CellEvaluation(host, context);
  const evaluate = async (group: PreparedGroup, cell: PreparedCell): Promise<void> => {
    const { record, kept, event } = await evaluation.evaluate(group, cell);
    if (kept !== null) predictions.set(cell.job.id, kept);
    if (record.outcome.status === 'failed') failures.set(cell.job.id, record.outcome);
    if (context.signal.aborted) return;
    await context.store.saveRecord(record);
    context.report({ kind: event, record });
  };
  await allOrStop(
    groups.flatMap((group) => group.cells.map((cell) => evaluate(group, cell))),
    context,
  );
  return { predictions, failures };
}

/** Waits for all, also where one throws: then the others are ended, so that none goes on when this has thrown. */
async function allOrStop(work: readonly Promise<void>[], { stop }: Pick<RunContext, 'stop'>): Promise<void> {
  const stopping = work.map((one) =>
    one.catch((thrown: unknown) => {
      stop();
      throw thrown;
    }),
  );
  const failed = (await Promise.allSettled(stopping)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}
