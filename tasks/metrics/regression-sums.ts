import type { SampleSums } from '../metric.ts';
import type { RegressionPredictions } from '../predictions.ts';
import type { Parts } from './explained.ts';
import { type PairLoss, pairLosses } from './pair-losses.ts';
import { meanOf } from './sum.ts';

/** Mean over outputs of the root of the mean loss, from sums: a loss an output, and 1. */
export function rootMeanSums(given: RegressionPredictions, loss: PairLoss): SampleSums {
  const { expected, predicted, outputs = 1 } = given;
  const losses = pairLosses(loss, expected, predicted);
  return {
    width: outputs + 1,
    addTo: (sums, start, sample) => {
      for (let output = 0; output < outputs; output++)
        sums[start + output]! += losses[sample * outputs + output]!;
      sums[start + outputs]! += 1;
    },
    metricOf: (sums) => meanOf(sums.subarray(0, outputs).map((sum) => Math.sqrt(sum / sums[outputs]!))),
  };
}

/** How a share that is explained is put together of the parts of each output. */
type Assembly = (parts: readonly Parts[]) => number;

const columns = 4;

/**
 * A share of the squared spread that predictions explain, from sums: for each output the error, its square, the distance of the
 * expected value to their mean, and its square; and 1. `isCentred` takes the mean error off, as explained variance does.
 */
export function explainedSums(
  given: RegressionPredictions,
  assembled: Assembly,
  { isCentred }: { isCentred: boolean },
): SampleSums {
  const { expected, predicted, outputs = 1 } = given;
  const centres = columnMeans(expected, outputs);
  return {
    width: columns * outputs + 1,
    addTo: (sums, start, sample) => {
      for (let output = 0; output < outputs; output++) {
        const cell = sample * outputs + output;
        const error = expected[cell]! - predicted[cell]!;
        // Distances to the mean lose no digits where the values are large and alike.
        const distance = expected[cell]! - centres[output]!;
        const first = start + columns * output;
        sums[first]! += error;
        sums[first + 1]! += error * error;
        sums[first + 2]! += distance;
        sums[first + 3]! += distance * distance;
      }
      sums[start + columns * outputs]! += 1;
    },
    metricOf: (sums) => {
      const count = sums.at(-1)!;
      return count < 2 ? NaN : assembled(partsOf(sums, count, isCentred));
    },
  };
}

function columnMeans(values: Float64Array, outputs: number): Float64Array {
  return Float64Array.from({ length: outputs }, (_, output) =>
    meanOf(values.filter((_value, cell) => cell % outputs === output)),
  );
}

function partsOf(sums: Float64Array, count: number, isCentred: boolean): Parts[] {
  return Array.from({ length: (sums.length - 1) / columns }, (_, output) => {
    const [error = NaN, squaredError = NaN, distance = NaN, squaredDistance = NaN] = sums.subarray(
      output * columns,
    );
    return {
      residual: isCentred ? spread(error, squaredError, count) : squaredError,
      total: spread(distance, squaredDistance, count),
    };
  });
}

/** Sum of squares around the mean; what rounding leaves of none is none. */
function spread(sum: number, squares: number, count: number): number {
  const around = squares - (sum * sum) / count;
  return around > 1e-12 * squares ? around : 0;
}
