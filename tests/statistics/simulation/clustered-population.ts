import { createRandom } from '../../../core/random.ts';
import type { ClassificationPredictions } from '../../../tasks/predictions.ts';
import { everyone, type Everyone, idsOf, type Population } from './population.ts';

/** Samples of one cluster; those of a population come one cluster after another. */
export const clusterSize = 10;

/**
 * Two classes in clusters of ten whose samples are as hard as each other: half of the variance of the logits is shared. The variant
 * loses `change` of the samples more than it gains, whole clusters at a time.
 */
export function clusteredPopulation(change: number): Population {
  return { name: `clusters of ${clusterSize}, change ${change}`, draw: () => drawClusters(change) };
}

function drawClusters(change: number): Everyone {
  const random = createRandom(13);
  const samples = Math.floor(everyone / clusterSize) * clusterSize;
  const expected = Int32Array.from({ length: samples }, () => random.below(2));
  const [before, after] = [new Float64Array(samples), new Float64Array(samples)];
  for (let sample = 0, ease = 0, shift = 0; sample < samples; sample++) {
    if (sample % clusterSize === 0) {
      ease = random.normal();
      shift = random.normal();
    }
    const margin = 1 + ease + random.normal();
    before[sample] = margin;
    after[sample] = margin - 4 * change + 6 * change * (shift + random.normal());
  }
  const of = (margins: Float64Array): ClassificationPredictions => ({
    ...{ kind: 'classification', ids: idsOf(samples), labels: ['no', 'yes'], expected },
    predicted: expected.map((label, sample) => ((margins[sample] ?? 0) > 0 ? label : 1 - label)),
    probabilities: Float64Array.from({ length: 2 * samples }, (_, cell) => {
      const [margin, label] = [margins[cell >> 1] ?? 0, expected[cell >> 1]];
      return 1 / (1 + Math.exp(cell % 2 === label ? -margin : margin));
    }),
    clusters: { by: 'cluster', names: idsOf(samples) },
  });
  return { baseline: of(before), variant: of(after) };
}
