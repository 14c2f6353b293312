import { drawTexts } from '../../tasks/compare/draw-predictions.ts';
import type { Predictions } from '../../../tasks/predictions.ts';
import type { Population } from './population.ts';

/** Sentences with about one word in five wrong, of which the variant shortens a share, and finds all a little less likely. */
export function textPopulation(change: number): Population {
  const draw = (noise: number): Predictions => drawTexts({ samples: 1 << 13, noise });
  return { name: `sentences, change ${change}`, draw: () => ({ baseline: draw(0), variant: draw(change) }) };
}
