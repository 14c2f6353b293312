import { sha256 } from '../core/hash.ts';
import type { CellRecord, PredictionsFile } from '../results/schema.ts';
import type { Predictions } from '../tasks/predictions.ts';
import { encodePredictions } from '../tasks/predictions-parquet.ts';
import { knownPredictions, originOf } from './known-records.ts';
import { modelOf, subjectOf } from './plan.ts';
import { failureOf, type Host } from './pool/supervise.ts';
import type { EvaluateTask } from './pool/task.ts';
import type { PreparedCell, PreparedGroup } from './prepare-cells.ts';
import type { RunContext } from './run-context.ts';
import { taskOf } from './task-of.ts';

/** What a cell predicted, and the hash of the file it is kept in. */
export interface KeptPredictions {
  predictions: Predictions;
  sha256: string;
}

/** By cell id, of the cells that were measured. */
export type PredictionsByCell = Map<string, KeptPredictions>;

/** Evaluates all cells over the host's workers; each record is saved as soon as it is there. */
export async function evaluateCells(
  groups: readonly PreparedGroup[],
  host: Host,
  context: RunContext,
): Promise<PredictionsByCell> {
  const predictions: PredictionsByCell = new Map();
  const evaluate = async (group: PreparedGroup, cell: PreparedCell): Promise<void> => {
    try {
      const kept = await reuseCell(group, cell, context);
      const { record, found } = kept ?? (await evaluateNow(group, cell, { host, context }));
      if (found !== null) predictions.set(cell.job.id, found);
      if (context.signal.aborted) return;
      await context.store.saveRecord(record);
      context.report({ kind: kept === null ? 'cell-finished' : 'kept', record });
    } catch (thrown) {
      context.stop();
      throw thrown;
    }
  };
  const evaluated = groups.flatMap((group) => group.cells.map((cell) => evaluate(group, cell)));
  const failed = (await Promise.allSettled(evaluated)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  return predictions;
}

interface Evaluated {
  record: CellRecord;
  found: KeptPredictions | null;
}

/** A cell that was measured before; null where it was not, or its predictions are no longer there. */
async function reuseCell(
  group: PreparedGroup,
  { job, plan }: PreparedCell,
  { known, store, recordBase }: RunContext,
): Promise<Evaluated | null> {
  const found = plan.status === 'ready' ? known.get(job.id) : undefined;
  if (found?.record.kind !== 'cell') return null;
  const stored = await knownPredictions(found.record, found.runFolder);
  if (stored === null) return null;
  if (found.runFolder !== store.folder) await store.savePredictions(job.id, stored.bytes);
  const base = recordBase(job.id, subjectOf(group.planned, group.group));
  return {
    record: { ...found.record, ...base, reusedFrom: originOf(found, store) },
    found: stored,
  };
}

async function evaluateNow(
  group: PreparedGroup,
  cell: PreparedCell,
  { host, context }: { host: Host; context: RunContext },
): Promise<Evaluated> {
  const startedAt = context.clock.timestamp();
  const start = context.clock.nowMs();
  const base = {
    ...context.recordBase(cell.job.id, subjectOf(group.planned, group.group)),
    variant: cell.variant,
  };
  const finish = (rest: Pick<CellRecord, 'outcome' | 'warnings'>): CellRecord => ({
    ...base,
    kind: 'cell',
    startedAt,
    durationMs: context.clock.nowMs() - start,
    ...rest,
  });
  if (cell.plan.status !== 'ready')
    return { record: finish({ outcome: cell.plan, warnings: [] }), found: null };
  const ended = await host.run(
    evaluateTask(group, cell, cell.plan),
    context.limits(group.planned.loaded.suite),
  );
  if (ended.status !== 'done')
    return { record: finish({ outcome: failureOf(ended), warnings: [] }), found: null };
  const { metrics, warnings, predictions, batchInvariance } = ended.result;
  const stored = await storePredictions(cell.job.id, predictions, context);
  const outcome = { status: 'measured', metrics, predictions: stored, batchInvariance } as const;
  return { record: finish({ outcome, warnings }), found: { predictions, sha256: stored.sha256 } };
}

async function storePredictions(
  cellId: string,
  predictions: Predictions,
  { store }: RunContext,
): Promise<PredictionsFile> {
  const parquet = encodePredictions(predictions);
  const file = await store.savePredictions(cellId, parquet);
  return { file, sha256: sha256(parquet), sizeBytes: parquet.length };
}

function evaluateTask(
  { planned, group }: PreparedGroup,
  { job }: PreparedCell,
  { artifact }: Extract<PreparedCell['plan'], { status: 'ready' }>,
): EvaluateTask {
  const { suite } = planned.loaded;
  return {
    kind: 'evaluate',
    target: job.target,
    artifact,
    dataset: suite.dataset,
    task: taskOf(suite.task, modelOf(planned, group), artifact.format),
    metrics: suite.metrics,
    level: 1 - suite.policy.alpha,
    seed: suite.timing.seed,
  };
}
