import { createRandom } from '../../../core/random.ts';
import type { ClassificationPredictions } from '../../../tasks/predictions.ts';
import { everyone, type Everyone, idsOf, type Population } from './population.ts';

interface Classes {
  classes: number;
  /** Standard deviation of what the variant adds to logits. */
  change: number;
  /** What the variant multiplies logits by: above 1 it is surer of itself than it should be. */
  sharpness?: number;
}

/** Classes all as common, their logits normal around 0 and 2 for the right one; probabilities are those of the logits' model. */
export function classPopulation({ classes, change, sharpness = 1 }: Classes): Population {
  const surer = sharpness === 1 ? '' : `, ${sharpness} times as sure`;
  return {
    name: `${classes} classes, change ${change}${surer}`,
    draw: () => drawClasses({ classes, change, sharpness }),
  };
}

function drawClasses({ classes, change, sharpness }: Required<Classes>): Everyone {
  const random = createRandom(5);
  const expected = Int32Array.from({ length: everyone }, () => random.below(classes));
  const logits = Float64Array.from({ length: everyone * classes }, (_, cell) => {
    const isRight = expected[Math.floor(cell / classes)] === cell % classes;
    return (isRight ? 2 : 0) + 1.2 * random.normal();
  });
  const changed = logits.map((logit) => sharpness * (logit + change * random.normal()));
  return {
    baseline: predictedBy(expected, logits, classes),
    variant: predictedBy(expected, changed, classes),
  };
}

/** Two classes, the second with a share of the samples, told apart by normal scores 1.5 apart to which the variant adds noise. */
export function binaryPopulation(binary: Binary): Population {
  return {
    name: `2 classes, ${binary.share * 100} % positive, change ${binary.change}`,
    draw: () => drawBinary(binary),
  };
}

interface Binary {
  /** Of positive samples. */
  share: number;
  change: number;
}

function drawBinary({ share, change }: Binary): Everyone {
  const random = createRandom(43);
  const expected = Int32Array.from({ length: everyone }, () => (random.next() < share ? 1 : 0));
  const scores = Float64Array.from(expected, (label) => 1.5 * (label - 0.5) + random.normal());
  const noisy = scores.map((score) => score + change * random.normal());
  const logitsOf = (from: Float64Array): Float64Array =>
    Float64Array.from({ length: 2 * everyone }, (_, cell) => (cell % 2) * 1.5 * (from[cell >> 1] ?? NaN));
  return {
    baseline: predictedBy(expected, logitsOf(scores), 2),
    variant: predictedBy(expected, logitsOf(noisy), 2),
  };
}

/** A baseline whose probabilities are right, and a variant whose logits are multiplied: surer than right above 1. */
export function calibratedPopulation(sharpness: number): Population {
  return { name: `calibrated, ${sharpness} times as sure`, draw: () => drawCalibrated(sharpness) };
}

function drawCalibrated(sharpness: number): Everyone {
  const [random, classes] = [createRandom(9), 3];
  const logits = Float64Array.from({ length: everyone * classes }, () => 1.5 * random.normal());
  const { probabilities } = predictedBy(new Int32Array(everyone), logits, classes);
  const expected = Int32Array.from({ length: everyone }, (_, sample) => {
    let left = random.next();
    let label = 0;
    while (label < classes - 1 && left >= (probabilities?.[sample * classes + label] ?? 1))
      left -= probabilities?.[sample * classes + label++] ?? 1;
    return label;
  });
  const changed = logits.map((logit) => sharpness * (logit + 0.05 * random.normal()));
  return {
    baseline: predictedBy(expected, logits, classes),
    variant: predictedBy(expected, changed, classes),
  };
}

function predictedBy(expected: Int32Array, logits: Float64Array, classes: number): ClassificationPredictions {
  const probabilities = new Float64Array(logits.length);
  const predicted = new Int32Array(expected.length);
  for (let start = 0, sample = 0; start < logits.length; start += classes, sample++) {
    const row = logits.subarray(start, start + classes);
    const highest = Math.max(...row);
    predicted[sample] = row.indexOf(highest);
    const powers = row.map((logit) => Math.exp(logit - highest));
    const sum = powers.reduce((total, power) => total + power, 0);
    probabilities.set(
      powers.map((power) => power / sum),
      start,
    );
  }
  const labels = Array.from({ length: classes }, (_, label) => `class ${label}`);
  return { kind: 'classification', ids: idsOf(expected.length), labels, expected, predicted, probabilities };
}
