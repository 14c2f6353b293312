import { createRandom, type Random } from '../../../core/random.ts';
import type { RegressionPredictions } from '../../../tasks/predictions.ts';
import { everyone, type Everyone, idsOf, type Population } from './population.ts';

type Draw = (random: Random) => number;

const eitherSign = (random: Random): number => (random.next() < 0.5 ? -1 : 1);

/** Errors of either sign, from a light tail to one whose squares have a skewness of 414. */
const errors = {
  normal: (random) => random.normal(),
  laplace: (random) => eitherSign(random) * -Math.log(1 - random.next()),
  'lognormal(0.5)': (random) => eitherSign(random) * Math.exp(0.5 * random.normal()),
  'lognormal(1)': (random) => eitherSign(random) * Math.exp(random.normal()),
} as const satisfies Record<string, Draw>;

export type ErrorShape = keyof typeof errors;

/** Values predicted with errors of a shape, to which the variant adds `change` times as large ones. */
export function valuePopulation(shape: ErrorShape, change: number): Population {
  return { name: `${shape} errors, change ${change}`, draw: () => drawValues(shape, change) };
}

function drawValues(shape: ErrorShape, change: number): Everyone {
  const random = createRandom(7);
  const draw: Draw = errors[shape];
  const expected = Float64Array.from({ length: everyone }, () => 10 + 2 * random.normal());
  const before = expected.map((value) => value + draw(random));
  const after = before.map((value) => value + change * draw(random));
  return predictedBy(expected, before, after);
}

function predictedBy(expected: Float64Array, before: Float64Array, after: Float64Array): Everyone {
  const of = (predicted: Float64Array): RegressionPredictions => ({
    ...{ kind: 'regression', ids: idsOf(expected.length), expected, predicted },
  });
  return { baseline: of(before), variant: of(after) };
}
