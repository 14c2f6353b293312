import { z } from 'zod';
import { AssayError } from '../../core/errors.ts';
import type { Metric } from '../metric.ts';
import type { ClassificationPredictions } from '../predictions.ts';
import { placesOf } from './labels-option.ts';
import { textOption, withOptionsOf } from './metric-options.ts';
import { ofPart } from './of-part.ts';

const schema = z.strictObject({ positive: textOption.optional() });

/** A metric of the last of two labels that can be asked of the other (scikit-learn `pos_label`). */
export function ofPositive(metric: Metric<'classification'>): Metric<'classification'> {
  return withOptionsOf(metric, schema, (base, { positive }) =>
    positive === undefined ? base : ofPart(base, (given) => withLast(given, positive)),
  );
}

function withLast(given: ClassificationPredictions, name: string): ClassificationPredictions {
  const { labels, expected, predicted, probabilities } = given;
  const [place] = placesOf([name], labels);
  if (labels.length !== 2)
    throw new AssayError('usage-invalid', `"positive" is one of two labels; there are ${labels.length}.`);
  if (place === 1) return given;
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
