import type { SampleSums } from '../metric.ts';
import type { TaggingPredictions } from '../predictions.ts';
import type { ClassCounts } from './confusion.ts';
import { entityCounts, type EntityReading } from './entities.ts';

type Tagged = Pick<TaggingPredictions, 'expected' | 'predicted'>;

/** Counts of entities by type as sums over samples; `score` is of the types that occur in them. */
export function entitySums(
  { expected, predicted }: Tagged,
  reading: EntityReading,
  score: (types: string[], counts: ClassCounts) => number,
): SampleSums {
  const types = typesOf({ expected, predicted }, reading);
  const placeOf = new Map(types.map((type, index) => [type, 3 * index]));
  const samples = expected.map((tags, sample) => entityCounts([tags], [predicted[sample]!], reading));
  return {
    width: 3 * types.length,
    of: types,
    addTo: (sums, start, sample) => {
      const { types: found, counts } = samples[sample]!;
      for (const [index, type] of found.entries()) {
        const place = start + placeOf.get(type)!;
        sums[place]! += counts.truePositives[index]!;
        sums[place + 1]! += counts.predicted[index]!;
        sums[place + 2]! += counts.expected[index]!;
      }
    },
    metricOf: (sums) => {
      const present = types.filter((_, index) => sums[3 * index + 1]! + sums[3 * index + 2]! > 0);
      const column = (offset: number): Float64Array =>
        Float64Array.from(present, (type) => sums[placeOf.get(type)! + offset]!);
      return present.length === 0
        ? NaN
        : score(present, { truePositives: column(0), predicted: column(1), expected: column(2) });
    },
  };
}

/** Shares of tokens with the right tag, as sums of hits and tokens. */
export function tagSums({ expected, predicted }: Tagged): SampleSums {
  return {
    width: 2,
    addTo: (sums, start, sample) => {
      const [wanted, found] = [expected[sample]!, predicted[sample]!];
      for (let place = 0; place < wanted.length; place++)
        if (wanted[place] === found[place]) sums[start]! += 1;
      sums[start + 1]! += wanted.length;
    },
    metricOf: ([hits = NaN, tokens = NaN]) => hits / tokens,
  };
}

/** Every type that an entity of these tags may have, whether or not one does: those of fewer tags are some of them. */
function typesOf({ expected, predicted }: Tagged, reading: EntityReading): string[] {
  const alone = Array.from(new Set([...expected.flat(), ...predicted.flat()]), (tag) => [tag]);
  const none = alone.map(() => []);
  const { types } = entityCounts([...expected, ...alone], [...predicted, ...none], reading);
  return types;
}
