import { checkScores } from '../../tasks/check-scores.ts';
import { joinPredictions } from '../../tasks/join-predictions.ts';
import { batchDoubt } from '../batch-invariance.ts';
import { labelOrderDoubt } from '../doubts/label-order-doubt.ts';
import { canFallBack } from './can-fall-back.ts';
import { cardsOf } from './cards-of.ts';
import type { LoadedModel } from './lane-task.ts';
import type { Lanes, Resident } from './lanes.ts';
import { mapInOrder } from './map-in-order.ts';
import { ownThread } from './own-thread.ts';
import { portionsOf } from './portions.ts';
import { depth } from './schedule-lanes.ts';
import { scoreInLanes } from './score-in-lanes.ts';
import { batchSize, sharedSplit } from './shared-split.ts';
import type { EvaluateResult, EvaluateTask } from './task.ts';

/** Portions that are asked of the lanes before they are done: those they have, and one that whoever is free takes. */
const aheadALane = depth + 1;

/** Predicts the test split with one variant, batches over all lanes, and scores it. */
export async function evaluateCell(
  task: EvaluateTask,
  lanes: Lanes = ownThread,
  mostKeptBytes?: number,
): Promise<EvaluateResult> {
  const resident = residentOf(task);
  // A lane loads the model while the dataset is read; what is wrong with either is told below, the dataset first.
  lanes.run((copy) => ({ kind: 'open', model: modelOf(task, copy) }), resident).catch(() => undefined);
  const split = await sharedSplit(task.dataset, lanes, mostKeptBytes);
  const checking = lanes.run(
    (copy) => ({ kind: 'invariance', model: modelOf(task, copy), inputs: split.first.inputs }),
    resident,
  );
  // What the predictions are refused for is told before what is wrong here.
  checking.catch(() => undefined);
  const parts = await mapInOrder(portionsOf(split, task), aheadALane * lanes.count, (portion) =>
    lanes.run(
      (copy) => ({ kind: 'predict', model: modelOf(task, copy), task: task.task, batchSize, ...portion }),
      resident,
    ),
  );
  const predictions = joinPredictions(parts);
  checkScores(predictions, task.task);
  const batchInvariance = await checking;
  const { metrics, level, seed } = task;
  const scoring = scoreInLanes({ predictions, metrics, level, seed }, lanes);
  // Looked at while the lanes are at work.
  const doubts = [...batchDoubt(batchInvariance), ...labelOrderDoubt(predictions)];
  const scores = await scoring;
  const placed = canFallBack(task.target)
    ? await lanes.run((copy) => ({
        kind: 'placement',
        model: modelOf(task, copy),
        inputs: split.first.inputs,
      }))
    : [];
  return {
    ...scores,
    predictions,
    batchInvariance,
    doubts: [...doubts, ...placed],
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
  const cards = cardsOf(target);
  const bytes = timesFiles * sizeBytes;
  const fitting = Math.max(1, Math.floor((memoryBytes - processBytes) / bytes));
  const key = JSON.stringify([artifact.path, target]);
  // Lanes on the processor compute by themselves; on a card that is shared, a second lane would only wait, and its model may not fit.
  return { key, cards, copies: Math.min(cards?.length ?? Infinity, fitting), bytes };
}
