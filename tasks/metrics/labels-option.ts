import * as z from 'zod';
import { AssayError } from '../../core/errors.ts';
import type { Metric } from '../metric.ts';
import type { MultilabelPredictions } from '../predictions.ts';
import { listOption, withOptionsOf } from './metric-options.ts';
import { ofPart } from './of-part.ts';

const schema = z.strictObject({ labels: listOption.optional() });

/** A metric that can be asked of some of the labels, as if there were no others. */
export function ofLabels(metric: Metric<'multilabel'>): Metric<'multilabel'> {
  return withOptionsOf(metric, schema, (base, { labels }) =>
    labels === undefined ? base : ofPart(base, (given) => withLabels(given, placesOf(labels, given.labels))),
  );
}

/** The places of labels that a suite names; throws for one that is none. */
export function placesOf(names: readonly string[], labels: readonly string[]): number[] {
  return names.map((name) => {
    const place = labels.indexOf(name);
    if (place >= 0) return place;
    throw new AssayError('usage-invalid', `There is no label "${name}"; labels are: ${labels.join(', ')}.`);
  });
}

function withLabels(given: MultilabelPredictions, places: readonly number[]): MultilabelPredictions {
  const { labels, expected, predicted, scores } = given;
  const cells = Array.from(given.ids.keys()).flatMap((sample) =>
    places.map((place) => sample * labels.length + place),
  );
  return {
    ...given,
    labels: places.map((place) => labels[place]!),
    expected: Uint8Array.from(cells, (cell) => expected[cell]!),
    predicted: Uint8Array.from(cells, (cell) => predicted[cell]!),
    scores: Float64Array.from(cells, (cell) => scores[cell]!),
  };
}
