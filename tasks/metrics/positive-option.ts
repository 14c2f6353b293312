import * as z from 'zod';
import type { Metric } from '../metric.ts';
import type { ClassificationPredictions } from '../predictions.ts';
import { undefinedBecause } from './figure.ts';
import { placesOf } from './labels-option.ts';
import { textOption, withOptionsOf } from './metric-options.ts';
import { ofPart } from './of-part.ts';

const schema = z.strictObject({ positive: textOption.optional() });

/** A metric of the last of two labels that can be asked of the other (scikit-learn `pos_label`). */
export function ofPositive(metric: Metric<'classification'>): Metric<'classification'> {
  return withOptionsOf(metric, schema, (base, { positive }) =>
    positive === undefined ? base : ofOneOfTwo(ofPart(base, (given) => withLast(given, positive))),
  );
}

function ofOneOfTwo(metric: Metric<'classification'>): Metric<'classification'> {
  return {
    ...metric,
    compute: (given) =>
      given.labels.length === 2
        ? metric.compute(given)
        : undefinedBecause(`"positive" is one of two labels; there are ${given.labels.length}`),
  };
}

function withLast(given: ClassificationPredictions, name: string): ClassificationPredictions {
  const { labels, expected, predicted, probabilities } = given;
  const [place] = placesOf([name], labels);
  if (place === 1 || labels.length !== 2) return given;
  const other = (index: number): number => 1 - index;
  return {
    ...given,
    labels: labels.toReversed(),
    expected: expected.map(other),
    predicted: predicted.map(other),
    // Two columns: the neighbour of an even cell comes after it, that of an odd one before.
    probabilities: probabilities?.map((_, cell) => probabilities[cell ^ 1]!) ?? null,
  };
}
