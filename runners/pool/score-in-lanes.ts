import { placeColumns } from '../../tasks/kernels/place-columns.ts';
import type { Predictions } from '../../tasks/predictions.ts';
import type { ScoreSettings } from '../score-predictions.ts';
import { scoresOf, type Scores } from '../scores.ts';
import type { Lanes } from './lanes.ts';
import { mapInOrder } from './map-in-order.ts';
import { shareColumns } from './shared-tensors.ts';

interface ScoreRequest extends ScoreSettings {
  predictions: Predictions;
  metrics: readonly string[];
}

/** Computes metrics with their intervals, dealt out to the lanes one by one, as those next to each other take alike long. */
export async function scoreInLanes(request: ScoreRequest, lanes: Lanes): Promise<Scores> {
  const { predictions, metrics, level, seed } = request;
  const scored = withoutNextTokens(predictions);
  const { columns: shared, memory } = placeColumns(scored) ?? { columns: shareColumns(scored), memory: null };
  const shares = dealt(metrics, Math.max(1, Math.min(lanes.count, metrics.length)));
  const found = await mapInOrder(shares, shares.length, (share) =>
    lanes.run(() => ({ kind: 'score', predictions: shared, memory, metrics: share, level, seed })),
  );
  const inOrder = metrics.flatMap((_, place) => {
    const one = found[place % shares.length]?.[Math.floor(place / shares.length)];
    return one === undefined ? [] : [one];
  });
  return scoresOf(predictions, inOrder);
}

/** No metric reads the distributions, which would be copied to every lane and are larger than all else. */
function withoutNextTokens(predictions: Predictions): Predictions {
  if (predictions.kind !== 'generation') return predictions;
  const scored = { ...predictions };
  delete scored.nextTokens;
  return scored;
}

function dealt<Item>(items: readonly Item[], shares: number): Item[][] {
  return Array.from({ length: shares }, (_, share) => items.filter((__, place) => place % shares === share));
}
