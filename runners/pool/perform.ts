import type { Predictions } from '../../tasks/predictions.ts';
import { importRunner } from '../registry.ts';
import { cardsForOneself } from './cards-of.ts';
import type { LaneResultOf, LaneTask, LoadCodeTask, ScoreTask } from './lane-task.ts';

/** Does a task in this thread; the code of each is loaded when it is asked for. */
export async function perform(task: LaneTask): Promise<LaneResultOf<LaneTask>> {
  // A card that holds a large model once has no room for it twice.
  if (cardsForOneself(task) !== null) await closeKept();
  switch (task.kind) {
    case 'probe':
      return (await importRunner(task.target.runner)).probe(task.target.device);
    case 'build':
      return (await import('./build-variant.ts')).buildOnDataset(task);
    case 'inputs':
      return (await import('../explain/find-inputs.ts')).findInputs(task);
    case 'profile':
      return (await import('../explain/profile-calls.ts')).profileCalls(task);
    case 'examine':
      return (await import('../explain/examine-variant.ts')).examineVariant(task);
    case 'foresee':
      return (await import('../explain/foresee-variant.ts')).foreseeVariant(task);
    case 'noise':
      return (await import('../explain/output-noise.ts')).outputNoise(task);
    case 'load-code':
      return loadCode(task);
    case 'load':
      return (await import('./load-and-bind.ts')).loadAndBind(task);
    case 'close':
      return closeKept();
    case 'open':
      return (await import('./predict-batches.ts')).openModel(task);
    case 'predict':
      return (await import('./predict-batches.ts')).predictBatches(task);
    case 'placement':
      return (await import('./placement.ts')).seePlacement(task);
    case 'invariance':
      return (await import('./predict-batches.ts')).compareBatchSizes(task);
    case 'scan':
      return (await import('../../datasets/readers/scan-cells.ts')).scanCells(
        asBuffer(task.bytes),
        task.layout,
      );
    case 'score':
      return (await import('../score-predictions.ts')).scoreMetrics(
        await receivedPredictions(task),
        task.metrics,
        task,
      );
  }
}

async function closeKept(): Promise<null> {
  return (await import('./predict-batches.ts')).closeKept();
}

async function receivedPredictions({ predictions, memory }: ScoreTask): Promise<Predictions> {
  if (memory === null) return predictions;
  const { receiveColumns } = await import('../../tasks/kernels/place-columns.ts');
  return receiveColumns({ columns: predictions, memory });
}

async function loadCode({ runners }: LoadCodeTask): Promise<null> {
  await Promise.all([
    ...runners.map(importRunner),
    import('../../datasets/readers/scan-cells.ts'),
    import('./predict-batches.ts'),
    import('../score-predictions.ts'),
  ]);
  return null;
}

/** Between threads a buffer becomes an array of bytes. */
function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
