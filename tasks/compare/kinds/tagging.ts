import type { TaggingPredictions } from '../../predictions.ts';
import { mixItems, takeFacts, takeItems } from './columns.ts';
import type { ComparedKind } from './kind.ts';

/** A sample is right where all of its tags are. */
export const taggingKind: ComparedKind<TaggingPredictions> = {
  take: (from, indices) => ({
    ...from,
    ...takeFacts(from, indices),
    expected: takeItems(from.expected, indices),
    predicted: takeItems(from.predicted, indices),
  }),
  // The tags of another sample are put on as many tokens as this one has.
  mix: (own, other, isOther) => ({
    ...own,
    predicted: mixItems(
      own.predicted,
      own.predicted.map((tags, sample) => {
        const others = other.predicted[sample]!;
        return tags.map((tag, place) => others[place % others.length] ?? tag);
      }),
      isOther,
    ),
  }),
  outputs: ({ predicted }) => [predicted.map((tags) => tags.join(' '))],
  answers: ({ expected, predicted }) => {
    const [wanted, found] = [expected, predicted].map((rows) => rows.map((tags) => tags.join(' ')));
    return {
      answer: (sample) => found![sample]!,
      isRight: (sample) => found![sample] === wanted![sample],
    };
  },
  wildSamples: () => null,
  distance: (baseline, variant) => {
    const [before, after] = [baseline.predicted.flat(), variant.predicted.flat()];
    const changed = before.filter((tag, place) => tag !== after[place]);
    if (before.length === 0) return { reason: 'There are no tags.' };
    return { kind: 'tagging', changedTags: changed.length / before.length };
  },
  classes: () => null,
};
