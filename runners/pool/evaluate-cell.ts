import type { Samples } from '../../core/samples.ts';
import { sum } from '../../core/statistics/summary.ts';
import { processorDevices } from '../../suites/target.ts';
import { checkScores } from '../../tasks/check-scores.ts';
import { joinPredictions } from '../../tasks/join-predictions.ts';
import { batchDoubt } from '../batch-invariance.ts';
import { canFallBack } from './can-fall-back.ts';
import type { LoadedModel, PredictTask } from './lane-task.ts';
import type { Lanes, Resident } from './lanes.ts';
import { mapInOrder } from './map-in-order.ts';
import { ownThread } from './own-thread.ts';
import { scoreInLanes } from './score-in-lanes.ts';
import { batchSize, sharedSplit, type SharedSplit } from './shared-split.ts';
import type { EvaluateResult, EvaluateTask } from './task.ts';

/** Predicts the test split with one variant, batches over all lanes, and scores it. */
export async function evaluateCell(
  task: EvaluateTask,
  lanes: Lanes = ownThread,
  mostKeptBytes?: number,
): Promise<EvaluateResult> {
  const split = spread(await sharedSplit(task.dataset, lanes, mostKeptBytes), task.mostSamples ?? Infinity);
  const resident = residentOf(task);
  const parts = await mapInOrder(portionsOf(split, lanes.count), 2 * lanes.count, (portion) =>
    lanes.run(
      (copy) => ({ kind: 'predict', model: modelOf(task, copy), task: task.task, ...portion }),
      resident,
    ),
  );
  const predictions = joinPredictions(parts);
  checkScores(predictions, task.task);
  const batchInvariance = await lanes.run(
    (copy) => ({ kind: 'invariance', model: modelOf(task, copy), inputs: split.first }),
    resident,
  );
  const { metrics, level, seed } = task;
  const scores = await scoreInLanes({ predictions, metrics, level, seed }, lanes);
  const placed = canFallBack(task.target)
    ? await lanes.run((copy) => ({ kind: 'placement', model: modelOf(task, copy), inputs: split.first }))
    : [];
  return { ...scores, predictions, batchInvariance, doubts: [...batchDoubt(batchInvariance), ...placed] };
}

/** Batches of at most so many samples, spread evenly, since rows often lie sorted by class. */
function spread(split: SharedSplit, mostSamples: number): SharedSplit {
  const stride = Math.ceil(split.count / mostSamples);
  if (stride <= 1) return split;
  return {
    ...split,
    count: Math.ceil(split.count / stride),
    batches: async function* () {
      let number = 0;
      for await (const batch of split.batches()) if (number++ % stride === 0) yield batch;
    },
  };
}

function modelOf({ artifact, target }: EvaluateTask, copy: number): LoadedModel {
  const { deviceIndexes } = target.settings;
  return { artifact, target, deviceIndex: deviceIndexes[copy % deviceIndexes.length] ?? 0 };
}

/** What a process takes that has the runtime loaded and a batch at hand, and no model. */
const processBytes = 200 * 2 ** 20;

/** Weights as stored, as the runtime packs them, and half as much for what passes between operators. */
const timesFiles = 2.5;

function residentOf({ artifact, sizeBytes, target, memoryBytes = Infinity }: EvaluateTask): Resident {
  const { device, settings } = target;
  const bytes = timesFiles * sizeBytes;
  // Lanes on the processor compute by themselves; on a device that is shared, a second lane would only wait.
  const useful = processorDevices.includes(device) ? Infinity : settings.deviceIndexes.length;
  const fitting = Math.max(1, Math.floor((memoryBytes - processBytes) / bytes));
  return { key: JSON.stringify([artifact.path, target]), copies: Math.min(useful, fitting), bytes };
}

const portionBytes = 2 ** 20;
const mostBatches = 16;

type Portion = Pick<PredictTask, 'batches' | 'before'>;

/** Some batches a message: enough to be worth one, and few enough that every lane gets several. */
async function* portionsOf(split: SharedSplit, lanes: number): AsyncGenerator<Portion, void> {
  const fair = Math.ceil(split.count / batchSize / (4 * lanes));
  const size = Math.max(1, Math.min(mostBatches, fair, Math.floor(portionBytes / split.batchBytes)));
  let [before, batches]: [number, Samples[]] = [0, []];
  for await (const batch of split.batches()) {
    if (batches.push(batch) < size) continue;
    yield { batches, before };
    before += sum(batches.map(({ ids }) => ids.length));
    batches = [];
  }
  if (batches.length > 0) yield { batches, before };
}
