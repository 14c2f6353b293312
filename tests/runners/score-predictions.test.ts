import { expect, test } from 'vitest';
import { scorePredictions } from '../../runners/score-predictions.ts';
import { drawTexts } from '../tasks/compare/draw-predictions.ts';

test('a metric whose oracle writes a signature carries it, another says that there is none', () => {
  const predictions = drawTexts({ samples: 12, noise: 0 });
  const { metrics } = scorePredictions(predictions, ['bleu', 'ter', 'exact-match'], { level: 0.95, seed: 1 });
  expect(metrics.map(({ id, signature }) => [id, signature])).toEqual([
    ['bleu', 'nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0-assay'],
    ['ter', 'nrefs:1|case:lc|tok:tercom|norm:no|punct:yes|asian:no|version:2.6.0-assay'],
    ['exact-match', null],
  ]);
});
