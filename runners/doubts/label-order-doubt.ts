import type { Warning } from '../../results/warning-schema.ts';
import { otherLabelOrder } from '../../tasks/label-order.ts';
import type { Predictions } from '../../tasks/predictions.ts';

/** The model may have its classes in another order than the data, or count them from 1. */
export function labelOrderDoubt(predictions: Predictions): Warning[] {
  if (predictions.kind !== 'classification') return [];
  const order = otherLabelOrder(predictions);
  if (order === null) return [];
  const { meanings, samples, right, renamed } = order;
  const percent = (count: number): string => `${((100 * count) / samples).toFixed(1)} %`;
  const detail = `${percent(renamed)} of ${samples} samples would be right if ${inWords(meanings, predictions.labels)}; ${percent(right)} are.`;
  const advice =
    'give the classes of the model in its own order as `labels` of the task, and see whether it counts them from 1';
  return [{ code: 'label-order', detail, advice }];
}

function inWords(meanings: Int32Array, labels: readonly string[]): string {
  const moved = [...meanings.entries()].filter(([answer, meant]) => answer !== meant);
  const told = moved
    .slice(0, 3)
    .map(([answer, meant]) => `"${labels[answer] ?? ''}" meant "${labels[meant] ?? ''}"`);
  return moved.length > told.length ? `${told.join(', ')} and so on` : told.join(' and ');
}
